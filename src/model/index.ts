export { sinusoids, type Timesteps } from './blocks/timeEmbedding.js';
export { countParams } from './countParams.js';
export { halfParams } from './halfParams.js';
export { bestClasses } from './distiller/bestClasses.js';
export { type SemanticDistillerConfig, smallDistiller } from './distiller/distillerConfig.js';
export {
  type AllQueries,
  initSemanticDistiller,
  type Prediction,
  SemanticDistiller,
  type SemanticDistillerParams,
} from './distiller/semanticDistiller.js';
export { Category, type Memory } from './category.js';
export {
  type ClipContext,
  type ClipSize,
  PixelCondenser,
  type PixelCondenserInput,
  type PixelCondenserOutput,
} from './pixelCondenser.js';
export { type Components, type PixelCondenserConfig } from './pixelCondenserConfig.js';
export { initPixelCondenser, type PixelCondenserParams } from './pixelCondenserParams.js';
export { presets } from './presets/index.js';
export type { Distillation, Semantics } from './semantics.js';
