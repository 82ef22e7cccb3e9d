import type { Figure, LineChart, Series } from './chart.js';
import { palette } from './colour.js';
import { decibels, type PowerSpectrum, withNoise } from './powerSpectrum.js';
import type { ProcessName, Spectra } from './spectra.js';

/** The spectra of Appendix B's figure at one step: blurs without noise, then processes with and without it. */
export function spectrumFigure({ t, HR, LR, means, noise }: Spectra): Figure {
  const line = (name: string, colour: number, spectrum: PowerSpectrum): Series => ({
    name,
    colour: palette[colour],
    points: decibels(spectrum).map((dB, i) => [spectrum.radius[i], dB]),
  });
  const state = (name: ProcessName, colour: number): Series =>
    line(name, colour, withNoise(means[name], noise[name]));
  const frames = [line('HR', 0, HR), line('LR', 5, LR)];
  const chart = (title: string, ...series: Series[]): LineChart => ({
    kind: 'lines',
    title,
    x: 'radial frequency, cycles per pixel',
    y: 'power per coefficient, dB',
    series: [...frames, ...series],
    marks: [{ x: 1 / 8, name: 'LR’s limit' }],
  });
  return {
    title: `Power spectral density at t = ${t}`,
    columns: 3,
    charts: [
      chart('Blur', state('IHDM', 1), state('IHDM, same σ²', 6), state('patch blur', 2)),
      chart('Shift: means', line('ResShift', 4, means.ResShift), line('SeeClear', 3, means.SeeClear)),
      chart('Shift and noise', state('ResShift', 4), { ...state('SeeClear', 3), line: 'dashed' }),
    ],
  };
}
