import { audit } from './audit.js';
import type { Command } from './command.js';
import { demo } from './demo.js';
import { doctor } from './doctor.js';
import { evaluate } from './eval.js';
import { evalDistiller } from './evalDistiller.js';
import { explain } from './explain.js';
import { plan } from './plan.js';
import { plot } from './plot.js';
import { report } from './report.js';
import { trace } from './trace.js';
import { train } from './train.js';
import { trainDistiller } from './trainDistiller.js';
import { upscale } from './upscale.js';

/** Every command, in the order of `seeclear --help`. A new one is a file and a row. */
export const commands: readonly Command[] = [
  demo,
  upscale,
  evaluate,
  train,
  report,
  trainDistiller,
  evalDistiller,
  plan,
  audit,
  explain,
  plot,
  trace,
  doctor,
];
