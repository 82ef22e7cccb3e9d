/** What is still to be built, in words that a row of the register can show. */
import type { Reservation } from './item.js';

export const dataSets: Reservation = {
  planned: 'Data: REDS, Vimeo-90K and Vid4 layouts recognised (splits, REDS4, septuplet lists)',
};

export const openSeeD: Reservation = {
  planned: 'OpenSeeD itself, its public weights converted',
  soFar:
    'a small open-vocabulary query-based segmentation network, trained on scenes that we draw and then frozen',
};

export const vrt: Reservation = {
  planned: 'VRT itself',
  soFar: 'bicubic for SeeClear; for SeeClear⋆ a folder of frames that VRT or any other network has enlarged',
};

/** Of tables: what is there is the code; their numbers need training. */
export const numbers = (soFar: string): Reservation => ({
  planned: 'its numbers, which need training on REDS',
  soFar,
});
