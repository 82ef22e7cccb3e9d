export const elementTypes = ['f32', 'f16'] as const;

/** How a device stores an element: f32, or f16 (IEEE 754 binary16). Arithmetic is in f32 with either. */
export type ElementType = (typeof elementTypes)[number];

export const bytesOf: Readonly<Record<ElementType, number>> = { f32: 4, f16: 2 };

/**
 * What storing an f32 number costs, in roundings of 2⁻²⁴. f16 keeps 11 bits, f32 24: to the nearest is 2⁻¹¹ = 2¹³ · 2⁻²⁴.
 * WGSL lets a device round either way: twice that.
 */
export const narrowing = (type: ElementType): number => (type === 'f16' ? 2 ** 14 : 0);
