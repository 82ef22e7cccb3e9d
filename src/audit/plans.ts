/** What is still to be built, in words that a row of the register can show. */
import type { Reservation } from './item.js';

export const distiller: Reservation = {
  planned: 'Semantic Distiller: a small, trained, open-vocabulary query-based segmentation network',
};

export const incam: Reservation = {
  planned:
    'InCAM: G, modulation, cross-attention, instance encoder–decoder, semantic gate, multi-frame self-attention',
};

export const category: Reservation = {
  planned: 'CaTeGory: memory, construction, query, per-clip update at sampling, both initialisations',
};

/** A loop or layer that is there, without the semantics inside it. */
export const without = (reservation: Reservation, soFar: string): Reservation => ({ ...reservation, soFar });
