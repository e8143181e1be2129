import assert from 'node:assert/strict';
import { createPace } from '../../src/controller/pace.ts';

describe('controller/pace', () => {
  it('begins with one call what has not begun, and goes on as it went', () => {
    const pace = createPace();
    assert.equal(pace.firstBatch('a', 'v1'), 1);

    pace.goesOn('a', 'v1', 64);

    assert.equal(pace.firstBatch('a', 'v1'), 64);
    assert.equal(pace.firstBatch('b', 'v1'), 1);
  });

  it('begins other work of the same owner with one call', () => {
    const pace = createPace();
    pace.goesOn('a', 'v1', 64);

    assert.equal(pace.firstBatch('a', 'v2'), 1);
  });

  it('forgets', () => {
    const pace = createPace();
    pace.goesOn('a', 'v1', 64);
    pace.forget('a');

    assert.equal(pace.firstBatch('a', 'v1'), 1);
  });
});
