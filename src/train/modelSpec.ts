import { defaultDiffusion, type DiffusionConfig } from '../diffusion/index.js';
import { type PixelCondenserConfig, presets } from '../model/index.js';

export type PresetName = keyof typeof presets;

export const presetNames = Object.keys(presets) as PresetName[];

/** What a model is, without its weights: all that a file of weights must say. */
export interface ModelSpec {
  /** The preset that it was made from, for people: the fields below decide. */
  readonly preset: string;
  readonly network: PixelCondenserConfig;
  readonly diffusion: DiffusionConfig;
}

/**
 * A preset with some of its fields replaced.
 *
 * @param overrides `field=value`, or `diffusion.field=value`; arrays as JSON: `channels=[16,16,24,24]`
 * @throws RangeError for a field that the preset lacks, or a value of another kind
 */
export function modelSpec(preset: PresetName, overrides: readonly string[] = []): ModelSpec {
  const network: Record<string, unknown> = { ...presets[preset] };
  const diffusion: Record<string, unknown> = { ...defaultDiffusion };
  for (const override of overrides) {
    const at = override.indexOf('=');
    const [name, text] = [override.slice(0, Math.max(0, at)), override.slice(at + 1)];
    const target = name.startsWith('diffusion.') ? diffusion : network;
    const field = name.replace(/^diffusion\./, '');
    if (!Object.hasOwn(target, field))
      throw new RangeError(
        `${override}: expected FIELD=VALUE with FIELD one of ${[...Object.keys(network), ...Object.keys(diffusion).map((key) => `diffusion.${key}`)].join(', ')}`,
      );
    const value = valueOf(text);
    if (kindOf(value) !== kindOf(target[field]))
      throw new RangeError(
        `${override}: expected a value like ${JSON.stringify(target[field])}, got ${text}`,
      );
    target[field] = value;
  }
  return {
    preset,
    network: network as unknown as PixelCondenserConfig,
    diffusion: diffusion as unknown as DiffusionConfig,
  };
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // a name, which JSON would want in quotes
  }
}

const kindOf = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map(kindOf).join()}]` : typeof value;
