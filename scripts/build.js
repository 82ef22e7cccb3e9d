/** Compiles src/ to dist/, puts each .wgsl file beside the module that reads it, and makes the command executable. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, rmSync } from 'node:fs';

rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});
cpSync('src/kernels', 'dist/kernels', {
  recursive: true,
  filter: (source) => !source.endsWith('.ts'),
});
chmodSync('dist/cli/main.js', 0o755); // npx in a clone runs it as a program
