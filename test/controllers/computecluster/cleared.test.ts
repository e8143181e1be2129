import assert from 'node:assert/strict';
import { ComputeClusterStatus } from '../../../src/api/compute-cluster-status.ts';
import { cleared } from '../../../src/controllers/computecluster/cleared.ts';

const nothing = ComputeClusterStatus.parse({});
const figure = { petaflops: '1', v100Equivalents: '8' };
const measured = { pledged: figure, busy: figure, delivered: figure };
const { delivered: _, ...blind } = measured;

/** As an API server applies a merge patch (RFC 7386). */
function merged(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) {
    return patch;
  }
  const old = new Map(Object.entries(target ?? {}));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      old.delete(key);
    } else {
      old.set(key, merged(old.get(key), value));
    }
  }
  return Object.fromEntries(old);
}

describe('controllers/computecluster/cleared', () => {
  const table: [what: string, before: object, now: object][] = [
    ['a UID that is not known any more', { clusterUID: 'u' }, {}],
    ['figures that are not known any more', { performance: measured }, {}],
    ['what is not measured any more', { performance: measured }, { performance: blind }],
    ['what is measured again', { performance: blind }, { performance: measured }],
    ['nothing', { clusterUID: 'u', performance: measured }, { clusterUID: 'u', performance: measured }],
  ];
  for (const [what, before, now] of table) {
    it(`takes away ${what}: patched, the status is the new one`, () => {
      const [old, next] = [before, now].map((facts): ComputeClusterStatus => ({ ...nothing, ...facts }));
      assert.ok(old && next);
      assert.deepEqual(merged(old, cleared(next, old)), next);
    });
  }
});
