/** Numbers as people read them. */

/** 42 s, 3 min 05 s, 2 h 07 min. */
export function showSeconds(seconds: number): string {
  const s = Math.round(seconds);
  const two = (n: number): string => String(n).padStart(2, '0');
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${two(s % 60)} s`;
  return `${Math.floor(s / 3600)} h ${two(Math.floor((s % 3600) / 60))} min`;
}

/** Bytes in MiB. */
export const showBytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** Four digits: 0.03125, 24.61, 1.200e-5. */
export function significant(value: number): string {
  const size = Math.abs(value);
  return value === 0 || (size >= 1e-3 && size < 1e6)
    ? String(Number(value.toPrecision(4)))
    : value.toExponential(3);
}

/** 2,073,914. */
export const grouped = (n: number): string => n.toLocaleString('en');

/** With a sign, and a real minus. */
export const signed = (value: number, digits: number): string =>
  `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
