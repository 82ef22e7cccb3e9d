import { Category, initCategory } from '../../src/model/category.js';
import type { CategoryConfig } from '../../src/model/categoryConfig.js';
import type { Tensor } from '../../src/tensor/index.js';
import { expectOracle, oracleCases } from '../support/oracle.js';

describe('CaTeGory, against PyTorch', () => {
  for (const golden of oracleCases<CategoryConfig & { frames: number }>('category'))
    it(golden.title, () =>
      expectOracle(golden, initCategory, (params, { clip, ...named }) => {
        const { layers, frames } = golden.config;
        const module = new Category(golden.config, params);
        const features = layers.map((_, k) => named[`f${k}`]);
        const learned = module.learned();
        const later = module.construct(learned, features, frames);
        const outputs: Record<string, Tensor> = { textures: later.textures };
        for (const [name, memory] of Object.entries({ first: learned, later })) {
          const asked = module.ask(memory, clip, frames);
          features.forEach((f, k) => (outputs[`${name}${k}`] = module.refine(f, asked[k], k)));
        }
        return outputs;
      }),
    );
});
