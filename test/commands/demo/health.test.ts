import assert from 'node:assert/strict';
import type { MinerPool } from '../../../src/api/miner-pool.ts';
import { notReady } from '../../../src/commands/demo/health.ts';
import { goodPool } from '../../support/good-pool.ts';

function pool(status: object): MinerPool {
  return { ...goodPool(), metadata: { name: 'p', namespace: 'default', generation: 2 }, status } as MinerPool;
}

const ready = { type: 'Ready', status: 'True', reason: 'Ready', message: '' };

describe('what of the demo is not ready', () => {
  const cases: { name: string; status: object; said: string[] }[] = [
    { name: 'nothing', status: { observedGeneration: 2, conditions: [ready] }, said: [] },
    {
      name: 'a pool without conditions',
      status: { observedGeneration: 2 },
      said: ['pool p has no status of its spec as it is now'],
    },
    {
      name: 'a pool whose status is of an earlier spec',
      status: { observedGeneration: 1, conditions: [ready] },
      said: ['pool p has no status of its spec as it is now'],
    },
    {
      name: 'a pool that says why',
      status: {
        observedGeneration: 2,
        conditions: [
          { ...ready, status: 'False', reason: 'InsufficientGPUs', message: '2 of 3 replicas wait' },
        ],
      },
      said: ['pool p is not ready: InsufficientGPUs: 2 of 3 replicas wait'],
    },
  ];
  for (const { name, status, said } of cases) {
    it(name, () => assert.deepEqual(notReady('pool', [pool(status)]), said));
  }
});
