import assert from 'node:assert/strict';
import { createPace } from '../../src/controller/pace.ts';

describe('controller/pace', () => {
  const table = [
    { what: 'went well and has more', slice: { reached: 64, error: undefined, more: true }, next: 64 },
    { what: 'was the last', slice: { reached: 64, error: undefined, more: false }, next: 1 },
    { what: 'met an error', slice: { reached: 64, error: new Error('quota'), more: true }, next: 1 },
  ];
  for (const { what, slice, next } of table) {
    it(`begins ${next} at once after a slice that ${what}`, () => {
      const pace = createPace();
      pace.ended('default/pool', { reached: 8, error: undefined, more: true });
      pace.ended('default/pool', slice);

      assert.equal(pace.firstBatch('default/pool'), next);
      assert.equal(pace.firstBatch('default/other'), 1);
    });
  }

  it('forgets', () => {
    const pace = createPace();
    pace.ended('default/pool', { reached: 8, error: undefined, more: true });
    pace.forget('default/pool');

    assert.equal(pace.firstBatch('default/pool'), 1);
  });
});
