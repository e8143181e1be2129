import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dirname } from 'node:path';
import { generatedFiles } from './generated-files.ts';

/*
 * npm run generate: writes the CRDs and the reference pages that follow from src/api. test/api/generated.test.ts fails when
 * they differ from what stands in the repository.
 */
for (const [path, text] of generatedFiles()) {
  const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  process.stdout.write(`${path}\n`);
}
