/** What a run of training shows: one page that needs nothing else, and event files for TensorBoard. */
export { EventFile } from './tensorboard/eventFile.js';
export { page } from './page.js';
export { readRun, type RunData, type Sample } from './runData.js';
export { findRunFile, readRunFile, type RunFile, type Session, writeRunFile } from './runFile.js';
export { showBytes, showSeconds } from './units.js';
export { writeReport } from './writeReport.js';
