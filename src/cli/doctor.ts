/** seeclear doctor — what this machine can run, what is missing, and what to install. */
import { existsSync } from 'node:fs';
import { showBytes } from '../report/index.js';
import { listAdapters, type AdapterReport } from '../tensor/index.js';
import { command } from './command.js';
import { shippedWeights, versions } from './installation.js';

export const doctor = command({
  name: 'doctor',
  summary: 'what this machine can run, and what is missing',
  usage: '',
  description:
    'Lists the devices, best first, with what to install for those that are missing; versions; weights.',
  options: {},
  positionals: [0, 0],
  async run({ values }, io) {
    const adapters = await listAdapters();
    const weights = { path: shippedWeights, present: existsSync(shippedWeights) };
    const chosen = adapters.find(({ available }) => available)?.kind ?? 'cpu';
    if (values.json) {
      io.out(JSON.stringify({ versions: versions(), adapters, chosen, weights }));
      return;
    }
    const packages = Object.entries(versions()).map(([name, version]) => `${name} ${version}`);
    io.out(`versions     ${packages.join(', ')}`);
    adapters.forEach((adapter) => io.out(describe(adapter)));
    io.out('cpu          available: float64 reference, exact and very slow');
    io.out(`auto takes   ${chosen}`);
    io.out(
      `weights      ${weights.path}${weights.present ? '' : ' (missing: make them with seeclear train)'}`,
    );
  },
});

function describe(adapter: AdapterReport): string {
  const name = adapter.kind.padEnd(12);
  if (!adapter.available) return `${name} missing: ${adapter.reason}`;
  const { description, limits, features } = adapter;
  const largest = showBytes(limits.maxStorageBufferBindingSize);
  return `${name} available: ${description}; tensors up to ${largest}; ${features.join(', ') || 'no optional features'}`;
}
