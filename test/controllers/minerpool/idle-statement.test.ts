import assert from 'node:assert/strict';
import type { Condition } from '../../../src/api/kube-object.ts';
import { type MinerPool, MinerPoolStatus } from '../../../src/api/miner-pool.ts';
import type { Idleness } from '../../../src/controllers/boards/pool-usage.ts';
import { idleStatement } from '../../../src/controllers/minerpool/idle-statement.ts';
import { NOW, minerPool } from '../../support/pool-objects.ts';

describe('controllers/minerpool/idle-statement', () => {
  const standing: Condition = {
    type: 'GpusIdle',
    status: 'True',
    reason: 'GPUsIdle',
    message: 'since yesterday',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  };
  const idle: MinerPool = {
    ...minerPool(),
    status: { ...MinerPoolStatus.parse({}), conditions: [standing] },
  };
  const table: [
    what: string,
    pool: MinerPool,
    allocated: number,
    Idleness | undefined,
    string | undefined,
  ][] = [
    [
      'idle',
      minerPool(),
      2,
      NOW,
      'True GPUsIdle every GPU has been below 5 % since 2026-01-01T12:00:00Z, which is longer than 1800 s',
    ],
    ['in use', idle, 2, 'busy', 'False GPUsInUse '],
    ['not known, after a restart', idle, 2, undefined, 'True GPUsIdle since yesterday'],
    ['not known, and never was', minerPool(), 2, undefined, undefined],
    ['not measured any more', idle, 2, 'unmeasured', undefined],
    ['without GPUs', idle, 0, undefined, undefined],
  ];
  for (const [what, pool, allocated, idleness, said] of table) {
    it(what, () => {
      const [statement] = idleStatement(pool, allocated, idleness);
      assert.equal(statement && `${statement.status} ${statement.reason} ${statement.message}`, said);
    });
  }
});
