import assert from 'node:assert/strict';
import { createLru } from '../../src/kube/lru.ts';

describe('lru', () => {
  it('forgets what was not used for longest', () => {
    const lru = createLru<number>(2);
    lru.set('a', 1);
    lru.set('b', 2);
    assert.equal(lru.get('a'), 1);
    lru.set('c', 3);
    assert.equal(lru.get('b'), undefined);
    lru.set('a', 4);
    assert.deepEqual([...lru.values()], [3, 4]);
  });
});
