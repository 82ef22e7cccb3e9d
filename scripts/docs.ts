/** Writes the pages that are made from the code: npm run docs */
import { writeFileSync } from 'node:fs';
import { generatedPages } from './generatedPages.js';

for (const [file, text] of Object.entries(await generatedPages())) {
  writeFileSync(file, text);
  console.log(file);
}
