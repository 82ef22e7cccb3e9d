import {
  blur,
  blurSchedule,
  marginal,
  multiply,
  type Schedule,
  toPixels,
  toSpectrum,
} from '../diffusion/index.js';
import type { Tensor } from '../tensor/index.js';

/** HR and upsampled LR frame of one scene, square, [1, 3, n, n] in [−1, 1]. */
export interface Scene {
  readonly x0: Tensor;
  readonly xl: Tensor;
}

/** A state of a forward process in pixels: its mean, and the variance of its white noise. */
export interface State {
  readonly mean: Tensor;
  readonly variance: number;
}

/** A forward process that takes a frame apart in steps 0 … T. */
export type Process = (scene: Scene, t: number) => State;

/** Processes by name, in the paper's order. */
export interface Processes {
  /** Heat dissipation of the whole frame, no noise, no shift (Rissanen et al., ICLR 2023). */
  readonly IHDM: Process;
  /** The blur of the schedule alone, inside blocks: D_t u_0. */
  readonly 'patch blur': Process;
  /** Shift and noise without blur (Yue et al., NeurIPS 2023). */
  readonly ResShift: Process;
  /** All of it. */
  readonly SeeClear: Process;
}

/**
 * The processes of the figure in Appendix B at one schedule, which gives all of them their number of steps, and
 * shift, noise and blur to those that have them. IHDM has a blur of its own: its deviation ends at half the frame's
 * side, where little but the mean is left.
 *
 * @param side of the frame in pixels
 */
export function processesOf(s: Schedule, side: number): Processes {
  const whole = { ...s, p: side, tau: blurSchedule(s.T, 'log', (side / 2) ** 2) };
  const unblurred = { ...s, tau: s.tau.map(() => 0) };
  const blurred = ({ x0 }: Scene, t: number, { p, ...rest }: Schedule): State => ({
    mean: toPixels(multiply(toSpectrum(x0, p), blur(t, { p, ...rest })), p),
    variance: 0,
  });
  const shifted = ({ x0, xl }: Scene, t: number, s: Schedule): State => {
    const { mean } = marginal(toSpectrum(x0, s.p), toSpectrum(xl, s.p), t, s);
    return { mean: toPixels(mean, s.p), variance: s.kappa ** 2 * s.eta[t] };
  };
  return {
    IHDM: (scene, t) => blurred(scene, t, whole),
    'patch blur': (scene, t) => blurred(scene, t, s),
    ResShift: (scene, t) => shifted(scene, t, unblurred),
    SeeClear: (scene, t) => shifted(scene, t, s),
  };
}
