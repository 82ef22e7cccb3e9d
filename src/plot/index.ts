/** Figures of the diffusion: functions from schedules and frames to charts, and from charts to SVG. */
export type { Chart, Figure, HeatMap, LineChart, Series } from './chart.js';
export { drawFigure } from './drawFigure.js';
export { frequencies, type Frequency, someOf } from './frequencies.js';
export { inlineChart } from './inlineChart.js';
export { logRangeOf, place, type Range, rangeOf } from './range.js';
export { alphaFigure, etaFigure, lambdaFigure, posteriorFigure, snrFigure } from './scheduleFigures.js';
export { type Process, type Processes, processesOf, type Scene, type State } from './processes.js';
export {
  type Band,
  decibels,
  distance,
  meanOver,
  type PowerSpectrum,
  powerSpectrum,
  ROUNDING_NOISE,
  withNoise,
} from './powerSpectrum.js';
export { type Finding, spectrumFindings } from './spectrumFindings.js';
export { spectrumFigure } from './spectrumFigure.js';
export { type Spectra, spectraOf } from './spectra.js';
export { escaped } from './svg.js';
export { stripFigure, stripImage, stripSteps } from './strip.js';
