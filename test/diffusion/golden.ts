import { readFileSync } from 'node:fs';

interface Golden {
  /** ResShift's process for t = 1 … T: coefficients of x_t and x_0, σ², and the deviation of a scaled input. */
  readonly shift: Record<'T15' | 'T4', Record<'eta' | 'ut' | 'u0' | 'variance' | 'scale', number[]>>;
  /** τ_1 … τ_15, and the first row of D_t at the steps `at`, for blocks of 4 and of 8. */
  readonly blur: readonly {
    readonly law: 'log' | 'sin2';
    readonly sigmaB2Max: number;
    readonly tau: number[];
    readonly at: number[];
    readonly firstRowP4: number[][];
    readonly firstRowP8: number[][];
  }[];
  /** The default process at frequency (x, y), for t = 1 … 15. */
  readonly posterior: readonly ({ readonly x: number; readonly y: number } & Record<
    'lambda' | 'stepVariance' | 'ut' | 'u0' | 'ul' | 'variance',
    number[]
  >)[];
}

/** Numbers of the diffusion, computed independently of this code, in float64. */
export const golden = JSON.parse(
  readFileSync(new URL('../fixtures/diffusion_constants.json', import.meta.url), 'utf8'),
) as Golden;
