import assert from 'node:assert/strict';
import { retryAfterMs } from '../../../src/chain/http/retry-after.ts';

const NOW = Date.UTC(2026, 0, 1);

describe('Retry-After', () => {
  const table: [string | undefined, number | undefined][] = [
    ['7', 7000],
    [' 0 ', 0],
    ['1.5', 1500],
    ['86400', 600_000],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['Fri, 01 Jan 2027 00:00:00 GMT', 600_000],
    ['-1', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ];
  for (const [header, ms] of table) {
    it(`${header ?? 'none'} is ${ms ?? 'nothing'}`, () => assert.equal(retryAfterMs(header, NOW), ms));
  }
});
