import assert from 'node:assert/strict';
import { MinerPoolStatus } from '../../../src/api/miner-pool.ts';
import { allotmentId, ceilingOf } from '../../../src/controllers/boards/allotment.ts';
import { minerPool } from '../../support/pool-objects.ts';
import { allotment } from '../../support/stake-objects.ts';

describe('controllers/boards/allotment', () => {
  describe('ceilingOf', () => {
    const before = allotment({ allotted: 4, allotmentId: 'a.3', ceiling: 6 });
    const heeds = { allotted: 4, allotmentId: 'a.3', occupied: '0-3' };
    const rows = [
      { name: 'what is allotted, once the pool has heeded it', answer: heeds, allotted: 4, ceiling: 4 },
      { name: 'what was allotted, until it heeds less', answer: heeds, allotted: 2, ceiling: 4 },
      { name: 'more, when more is allotted', answer: heeds, allotted: 7, ceiling: 7 },
      {
        name: 'the most since its last answer, which is to an earlier allotment, be it of the same number',
        answer: { ...heeds, allotmentId: 'a.1' },
        allotted: 4,
        ceiling: 6,
      },
      { name: 'what it wants, while it has never answered', answer: undefined, allotted: 4, ceiling: 9 },
    ];
    for (const { name, answer, allotted, ceiling } of rows) {
      it(name, () => {
        const pool = minerPool({ replicas: 9 });
        const status = answer && { ...MinerPoolStatus.parse({}), stake: answer };
        assert.equal(ceilingOf(before, allotted, status === undefined ? pool : { ...pool, status }), ceiling);
      });
    }

    it('with nothing written before: what it wants, whatever it has answered to another account of the name', () => {
      const status = { ...MinerPoolStatus.parse({}), stake: heeds };
      assert.equal(ceilingOf(undefined, 3, { ...minerPool({ replicas: 9 }), status }), 9);
    });
  });

  describe('allotmentId', () => {
    const before = allotment({ allotted: 4, allotmentId: 'uid.7' });

    it('stays while the number does, and else is a new one', () => {
      assert.equal(allotmentId(before, 4, 'uid'), 'uid.7');
      assert.equal(allotmentId(before, 5, 'uid'), 'uid.8');
    });

    it('begins anew with another account', () => {
      assert.equal(allotmentId(undefined, 4, 'uid'), 'uid.1');
      assert.equal(allotmentId(before, 4, 'another'), 'another.1');
      const { allotmentId: _id, ...unnamed } = before;
      assert.equal(allotmentId(unnamed, 4, 'uid'), 'uid.1');
    });
  });
});
