/** The dependency rules of docs/architecture.md, checked. */
import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** folder → the folders it may import from, besides itself */
const allowed: Record<string, readonly string[]> = {
  kernels: [],
  tensor: ['kernels'],
  model: ['tensor'],
  diffusion: ['tensor'],
  data: ['tensor'],
  metrics: ['data'],
  trace: ['tensor', 'data'],
  plot: ['tensor', 'diffusion', 'data'],
  audit: [],
  train: ['tensor', 'model', 'diffusion', 'data', 'metrics'],
  report: ['data', 'plot', 'train'],
  cli: ['tensor', 'model', 'diffusion', 'data', 'metrics', 'trace', 'plot', 'train', 'report', 'audit'],
};

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts'));
const folderOf = (file: string): string => file.split('/')[0];
const textOf = (file: string): string => readFileSync(join('src', file), 'utf8');
const importsOf = (file: string): string[] =>
  [...textOf(file).matchAll(/(?:from|import) ?\(?'(\.[^']+)'/g)].map(([, path]) =>
    normalize(join(dirname(file), path)),
  );

describe('architecture', () => {
  it('has no folder that the rules do not name', () => {
    expect([...new Set(files.map(folderOf))].sort()).to.deep.equal(Object.keys(allowed).sort());
  });

  for (const [folder, others] of Object.entries(allowed)) {
    const mine = files.filter((file) => folderOf(file) === folder);

    it(`${folder} imports only what it may`, () => {
      for (const file of mine)
        for (const target of importsOf(file))
          expect([folder, ...others], `${file} → ${target}`).to.include(folderOf(target));
    });

    it(`${folder} enters other folders through their index`, () => {
      for (const file of mine)
        for (const target of importsOf(file)) {
          const outside = folderOf(target) !== folder;
          const excepted =
            folder === 'tensor' && folderOf(target) === 'kernels' && !target.includes('runtime/');
          if (outside && !excepted) expect(target, file).to.match(/^\w+\/index\.js$/);
        }
    });
  }

  it('keeps WebGPU inside kernels/runtime', () => {
    const outside = files.filter((file) => !file.startsWith('kernels/runtime/'));
    for (const file of outside) expect(textOf(file), file).not.to.match(/\bGPU[A-Z]\w+\b(?!`)/);
  });

  it('has no import cycles', () => {
    const state = new Map<string, 'open' | 'done'>();
    const visit = (file: string, path: readonly string[]): void => {
      if (state.get(file) === 'done') return;
      expect(state.get(file), [...path, file].join(' → ')).to.equal(undefined);
      state.set(file, 'open');
      const withoutTypes = textOf(file).replaceAll(/(?:import|export) type [^;]*;/g, '');
      for (const [, target] of withoutTypes.matchAll(/from '(\.[^']+)\.js'/g)) {
        const next = `${normalize(join(dirname(file), target))}.ts`;
        if (existsSync(join('src', next))) visit(next, [...path, file]);
      }
      state.set(file, 'done');
    };
    files.forEach((file) => visit(file, []));
  });
});
