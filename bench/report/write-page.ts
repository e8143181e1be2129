/* npm run bench:page: writes docs/performance.md from the results in bench/results, docs/placement-performance.md, and docs/transaction-performance.md. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { placementPage } from '../placement/report/page.ts';
import { formattedPage } from './formatted-page.ts';
import { performancePage } from './page.ts';
import { transactionPage } from '../transactions/report/page.ts';
import { keptResults, placementResult, transactionResult } from './results.ts';

await write('performance.md', performancePage(keptResults()));
await write('placement-performance.md', placementPage(placementResult()));
await write('transaction-performance.md', transactionPage(transactionResult()));

async function write(page: string, text: string): Promise<void> {
  writeFileSync(fileURLToPath(new URL(`../../docs/${page}`, import.meta.url)), await formattedPage(text));
}
