import assert from 'node:assert/strict';
import { createOwnWrites } from '../../src/controller/own-writes.ts';
import { manualClock } from '../support/manual-clock.ts';
import { minerPool } from '../support/pool-objects.ts';

const version = (resourceVersion: string): ReturnType<typeof minerPool> => minerPool({}, { resourceVersion });

describe('controller/own-writes', () => {
  it('calls a cache behind that still shows what was written over, until it shows anything newer', () => {
    const writes = createOwnWrites(manualClock());

    assert.equal(writes.isBehind(version('1')), false);
    writes.wrote(version('1'));
    assert.equal(writes.isBehind(version('1')), true);
    assert.equal(writes.isBehind(version('2')), false);
    assert.equal(writes.isBehind(version('1')), false, 'what has been seen once is forgotten');
  });

  it('calls a cache behind that shows what any of several writes in a row was made from', () => {
    const writes = createOwnWrites(manualClock());
    writes.wrote(version('1'));
    writes.wrote(version('2'));

    assert.equal(writes.isBehind(version('1')), true);
    assert.equal(writes.isBehind(version('2')), true);
    assert.equal(writes.isBehind(version('3')), false);
  });

  it('trusts the cache again after five seconds, and at once when the object is gone', async () => {
    const clock = manualClock();
    const writes = createOwnWrites(clock);

    writes.wrote(version('1'));
    await clock.advance(4999);
    assert.equal(writes.isBehind(version('1')), true);
    await clock.advance(1);
    assert.equal(writes.isBehind(version('1')), false);
    writes.wrote(version('1'));
    writes.forget('pool-uid');
    assert.equal(writes.isBehind(version('1')), false);
  });
});
