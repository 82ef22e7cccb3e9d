/** Compiles src/ to dist/ and puts each .wgsl file beside the module that reads it. */
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';

rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});
cpSync('src/kernels', 'dist/kernels', {
  recursive: true,
  filter: (source) => !source.endsWith('.ts'),
});
