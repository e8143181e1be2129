/* npm run bench:page: writes docs/performance.md from the newest result in bench/results. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formattedPage } from './formatted-page.ts';
import { newestResult } from './results.ts';

const newest = newestResult();
if (newest === undefined) {
  throw new Error('there is no result: npm run bench -- --json bench/results/<date>.json');
}
writeFileSync(
  fileURLToPath(new URL('../../docs/performance.md', import.meta.url)),
  await formattedPage(newest),
);
