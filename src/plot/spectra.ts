import type { Schedule } from '../diffusion/index.js';
import { type PowerSpectrum, powerSpectrum, ROUNDING_NOISE, withNoise } from './powerSpectrum.js';
import { type Process, type Processes, processesOf, type Scene } from './processes.js';

/** Spectra of the state of every process at one step, and of the frames it is between. */
export interface Spectra {
  readonly t: number;
  readonly HR: PowerSpectrum;
  readonly LR: PowerSpectrum;
  /** Without the process's noise, as 8-bit pictures would have them. */
  readonly means: Readonly<Record<ProcessName, PowerSpectrum>>;
  /** Variance of each process's noise. */
  readonly noise: Readonly<Record<ProcessName, number>>;
}

/** IHDM also with the blur of the patches, but of the whole frame: that tells strength from locality. */
export type ProcessName = keyof Processes | 'IHDM, same σ²';

/** @param t 0 … T */
export async function spectraOf(scene: Scene, t: number, s: Schedule): Promise<Spectra> {
  const side = scene.x0.shape[3];
  const same = processesOf({ ...s, p: side }, side)['patch blur'];
  const processes: Record<ProcessName, Process> = { ...processesOf(s, side), 'IHDM, same σ²': same };
  const states = Object.entries(processes).map(([name, process]) => [name, process(scene, t)] as const);
  const means: [string, PowerSpectrum][] = [];
  for (const [name, { mean }] of states)
    means.push([name, withNoise(await powerSpectrum(mean), ROUNDING_NOISE)]);
  return {
    t,
    HR: await powerSpectrum(scene.x0),
    LR: await powerSpectrum(scene.xl),
    means: Object.fromEntries(means) as Record<ProcessName, PowerSpectrum>,
    noise: Object.fromEntries(states.map(([name, { variance }]) => [name, variance])) as Record<
      ProcessName,
      number
    >,
  };
}
