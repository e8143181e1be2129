/* npm run bench:page: writes docs/performance.md from the newest result in bench/results, docs/placement-performance.md, and docs/transaction-performance.md. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { placementPage } from '../placement/report/page.ts';
import { formattedPage } from './formatted-page.ts';
import { performancePage } from './page.ts';
import { transactionPage } from '../transactions/report/page.ts';
import { newestResult, placementResult, transactionResult } from './results.ts';

const newest = newestResult();
if (newest === undefined) {
  throw new Error('there is no result: npm run bench -- --json bench/results/<date>.json');
}
await write('performance.md', performancePage(newest.result, newest.file));
await write('placement-performance.md', placementPage(placementResult()));
await write('transaction-performance.md', transactionPage(transactionResult()));

async function write(page: string, text: string): Promise<void> {
  writeFileSync(fileURLToPath(new URL(`../../docs/${page}`, import.meta.url)), await formattedPage(text));
}
