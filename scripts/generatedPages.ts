import { format, resolveConfig } from 'prettier';
import { claimsPage, equationsPage, readRegister } from '../src/audit/index.js';

/** File → what it must hold. */
export async function generatedPages(): Promise<Record<string, string>> {
  const pages = { 'docs/equations.md': equationsPage(readRegister('.')), 'docs/claims.md': claimsPage() };
  const options = { ...(await resolveConfig('docs/equations.md')), parser: 'markdown' };
  const formatted = Object.entries(pages).map(
    async ([file, text]) => [file, await format(text, options)] as const,
  );
  return Object.fromEntries(await Promise.all(formatted));
}
