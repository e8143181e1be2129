import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlacementResult } from '../placement/report/result.ts';
import type { TransactionResult } from '../transactions/report/result.ts';
import type { BenchResult } from './result.ts';

const FOLDER = fileURLToPath(new URL('../results', import.meta.url));

/** A result that is kept, and the name of its file. */
export interface KeptResult {
  readonly file: string;
  readonly result: BenchResult;
}

/** What bench/results holds, the newest last. Newest by the date in it. */
export function keptResults(): readonly KeptResult[] {
  const files = existsSync(FOLDER) ? readdirSync(FOLDER) : [];
  return files
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({ file, result: JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as BenchResult }))
    .sort((a, b) => a.result.date.localeCompare(b.result.date));
}

/** What `npm run bench:placement -- --json bench/placement/result.json` has kept. */
export function placementResult(): PlacementResult {
  return kept('placement') as PlacementResult;
}

/** What `npm run bench:transactions -- --json bench/transactions/result.json` has kept. */
export function transactionResult(): TransactionResult {
  return kept('transactions') as TransactionResult;
}

function kept(bench: string): unknown {
  const file = fileURLToPath(new URL(`../${bench}/result.json`, import.meta.url));
  return JSON.parse(readFileSync(file, 'utf8'));
}
