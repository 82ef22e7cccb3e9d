/** Clips on the host: files, degradation, augmentation, and sources of training clips. */
export { type ClipSource, folderSource, proceduralSource } from './clipSource.js';
export { augmentClip } from './crop.js';
export { InputError } from './errors.js';
export { listFrames, readClip } from './folder.js';
export { CHANNELS, fromPlanar, type Image, toPlanar } from './image.js';
export { readPng, writePng } from './png.js';
export { type ProceduralOptions, proceduralClip } from './procedural.js';
export { Random } from './random.js';
export { degrade, upscaleBicubic } from './resize.js';
export { type LabelledScene, labelledScene, MOST_OBJECTS } from './scenes/labelledScene.js';
export { allPhrases, type Combinations, sceneWords, seenPhrases } from './scenes/vocabulary.js';
