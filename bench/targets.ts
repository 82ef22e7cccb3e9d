import type { HostRow } from './host.js';
import type { PeerRow } from './compare.js';

/** What is to be reached on lavapipe with two cores. */
export interface Target {
  readonly least: number;
  /** What holds it up where it stays short. */
  readonly limit?: string;
}

/** The fastest other library's time as a multiple of ours, forward: the least that is wanted. */
const forward: readonly { readonly cases: RegExp; readonly target: Target }[] = [
  { cases: /^matmul 512$/, target: { least: 3 } },
  { cases: /^matmul 1024$/, target: { least: 4 } },
  { cases: /^conv 3x3/, target: { least: 2.2 } },
  { cases: /^attention/, target: { least: 2.5 } },
  { cases: /^softmax/, target: { least: 2 } },
  {
    cases: /^layer norm/,
    target: {
      least: 2,
      limit:
        'each row reads γ and β anew, half of all that its second pass loads; rows that share them have not been tried',
    },
  },
  { cases: /^gelu/, target: { least: 1.3 } },
  { cases: /^sum/, target: { least: 1 } },
];

/** With gradients, against the libraries that have them. */
const WITH_GRADIENTS: Target = { least: 2 };

/** undefined where nothing was promised */
export const targetOf = ({ name, mode }: PeerRow): Target | undefined =>
  mode === 'both' ? WITH_GRADIENTS : forward.find(({ cases }) => cases.test(name))?.target;

/** Forward and backward together, as a multiple of our forward pass alone: at most. */
export const MOST_OF_FORWARD = 3.3;

/** An op of the tensor library, as a multiple of a raw dispatch: at most. */
export const mostOfRaw = ({ replayed }: HostRow): number => (replayed ? 1.3 / 2 : 1.3);
