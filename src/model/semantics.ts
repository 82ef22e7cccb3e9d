import type { Tensor } from '../tensor/index.js';

/** What a Semantic Distiller says of n frames (8), (9). */
export interface Semantics {
  readonly tokens: Tensor; // O [n, k, d]: final decoder states of the k queries that fit the vocabulary best
  readonly features: Tensor; // P [n, c, h, w]: mask features
}

/** The same with what the choice was made by, and what the chosen queries stand for. */
export interface Distillation extends Semantics {
  readonly similarity: Tensor; // [n, k], of each kept query with its best class, descending
  readonly scores: Tensor; // [n, k, classes], Sim of each kept query with each class
  readonly masks: Tensor; // [n, k, h, w], mask logits of the kept queries
}
