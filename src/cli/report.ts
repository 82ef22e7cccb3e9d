/** seeclear report — the page of a training run, made anew. */
import { writeReport } from '../report/index.js';
import { command } from './command.js';

export const report = command({
  name: 'report',
  summary: 'write the report of a training run anew',
  usage: 'runs/NAME',
  description: [
    'Writes report.html into the folder of a run, from its other files: curves, validations, samples, settings and',
    'environment on one page that needs no other file and no network. seeclear train does so too, from time to time.',
  ].join('\n'),
  options: {},
  positionals: [1, 1],
  run({ values, positionals: [folder] }, io) {
    const path = writeReport(folder);
    io.out(values.json ? JSON.stringify({ report: path }) : path);
  },
});
