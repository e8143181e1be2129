import assert from 'node:assert/strict';
import { isAkashOwned, isInAkashInventory } from '../../../src/compute/akash/ownership.ts';

describe('compute/akash/ownership', () => {
  const rows: { labels?: Record<string, string>; annotations?: Record<string, string>; owned: boolean }[] = [
    { owned: false },
    { labels: {}, annotations: {}, owned: false },
    { labels: { 'akash.network': 'true' }, owned: true },
    { labels: { 'akash.network': 'false' }, owned: false },
    { labels: { 'akash.network/namespace': 'x' }, owned: true },
    { annotations: { 'akash.network/lease.updated_at': 'x' }, owned: true },
    { labels: { 'akash.network.example.com': 'true', 'my-akash.network/x': 'y' }, owned: false },
    { labels: { 'headframe.dev/pool': 'akash.network' }, owned: false },
  ];
  for (const { owned, ...keys } of rows) {
    it(`${JSON.stringify(keys)} is ${owned ? '' : 'not '}Akash’s`, () => {
      const metadata = { name: 'x', uid: 'u', resourceVersion: '1', creationTimestamp: '', ...keys };
      assert.equal(isAkashOwned({ metadata }), owned);
    });
  }

  it('counts a node as in the inventory by the one label', () => {
    assert.equal(isInAkashInventory({ 'akash.network': 'true' }), true);
    assert.equal(isInAkashInventory({ 'akash.network/capabilities.storage.class.beta2': '1' }), false);
  });
});
