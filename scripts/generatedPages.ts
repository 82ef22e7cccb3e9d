import { format, resolveConfig } from 'prettier';
import { readdirSync } from 'node:fs';
import { performancePage } from '../bench/performancePage.js';
import { readReport } from '../bench/report.js';
import { claimsPage, equationsPage, readRegister } from '../src/audit/index.js';

/** Where `npm run bench -- --json` puts what is worth keeping. */
const RESULTS = 'bench/results';

/** File → what it must hold. */
export async function generatedPages(): Promise<Record<string, string>> {
  const results = readdirSync(RESULTS).filter((file) => file.endsWith('-bench.json'));
  const pages = {
    'docs/equations.md': equationsPage(readRegister('.')),
    'docs/claims.md': claimsPage(),
    'docs/performance.md': performancePage(results.map((file) => readReport(`${RESULTS}/${file}`))),
  };
  const options = { ...(await resolveConfig('docs/equations.md')), parser: 'markdown' };
  const formatted = Object.entries(pages).map(
    async ([file, text]) => [file, await format(text, options)] as const,
  );
  return Object.fromEntries(await Promise.all(formatted));
}
