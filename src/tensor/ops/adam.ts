import {
  adamMoment as moment,
  adamUpdate as update,
  type MomentParams,
  type UpdateParams,
} from '../../kernels/adam.js';
import { run } from '../op.js';
import type { Tensor } from '../tensor.js';

/** β a + (1 − β)(c g)^power for a scalar c: the next moment of a gradient g. Not recorded: it is no part of a model. */
export const adamMoment = (a: Tensor, g: Tensor, c: Tensor, params: MomentParams): Tensor =>
  run(moment, [a, g, c], params);

/** x − rate · m / (√(grow · v) + ε): a parameter after a step along its moments. Not recorded. */
export const adamUpdate = (x: Tensor, m: Tensor, v: Tensor, params: UpdateParams): Tensor =>
  run(update, [x, m, v], params);
