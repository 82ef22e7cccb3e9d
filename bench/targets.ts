import type { HostRow } from './host.js';
import type { PeerRow } from './compare.js';

/** On lavapipe with two cores: the fastest other library's time as a multiple of ours, forward, at least. */
const forward: readonly { readonly cases: RegExp; readonly least: number }[] = [
  { cases: /^matmul 512$/, least: 3 },
  { cases: /^matmul 1024$/, least: 4 },
  { cases: /^conv 3x3/, least: 2.2 },
  { cases: /^attention/, least: 2.5 },
  { cases: /^softmax/, least: 2 },
  { cases: /^layer norm/, least: 2 },
  { cases: /^gelu/, least: 1.3 },
  { cases: /^sum/, least: 1 },
];

/** With gradients, against the libraries that have them. */
const WITH_GRADIENTS = 2;

/** undefined where nothing was promised */
export const leastOf = ({ name, mode }: PeerRow): number | undefined =>
  mode === 'both' ? WITH_GRADIENTS : forward.find(({ cases }) => cases.test(name))?.least;

/** Forward and backward together, as a multiple of our forward pass alone: at most. */
export const MOST_OF_FORWARD = 3.3;

/** An op of the tensor library, as a multiple of a raw dispatch: at most. */
export const mostOfRaw = ({ replayed }: HostRow): number => (replayed ? 1.3 / 2 : 1.3);
