import assert from 'node:assert/strict';
import type { KubeObject } from '../../../src/api/kube-object.ts';
import type { Result } from '../../../src/controller/controller.ts';
import { createExpectations } from '../../../src/controller/expectations.ts';
import { inFlightShare } from '../../../src/controller/in-flight-share.ts';
import { createOwnWrites } from '../../../src/controller/own-writes.ts';
import { createPace } from '../../../src/controller/pace.ts';
import type { Fleet } from '../../../src/controllers/fleet/fleet.ts';
import { seenHere } from '../../support/seen-here.ts';
import { act } from '../../../src/controllers/minerpool/act.ts';
import { decide } from '../../../src/controllers/minerpool/decide.ts';
import { createRefusingClusters } from '../../../src/controllers/minerpool/refusing-clusters.ts';
import { podSource, revisionName } from '../../../src/controllers/minerpool/revision.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { NOW, minerPool, poolPod } from '../../support/pool-objects.ts';

/** Replica 0 has been ready for a second; replica 1 is missing, and its creation takes `createMs`. */
async function actOn(minReadySeconds: number, createMs: number): Promise<Result> {
  const clock = manualClock(NOW);
  const pool = minerPool({ replicas: 2, minReadySeconds });
  const revision = revisionName('pool', podSource(pool));
  const write = async (_type: unknown, manifest: KubeObject): Promise<object> => {
    await clock.advance(manifest.kind === 'Pod' ? createMs : 0);
    return { ...manifest, metadata: { ...manifest.metadata, uid: 'new' } };
  };
  const pods = [poolPod({ ordinal: 0, revision, node: 'n', readyFor: 1 })];
  const plan = decide(seenHere({ pool, pods }), clock.now());
  const client = { create: write, patchStatus: write } as unknown as KubeClient;
  const view = { kind: 'reachable', client, session: 0 };
  const parts = {
    client,
    fleet: { view: () => view } as unknown as Fleet,
    events: { record: () => undefined },
    expectations: createExpectations(clock),
    ownWrites: createOwnWrites(clock),
    inFlight: inFlightShare({ alone: 8, shared: 8 }),
    pace: createPace(),
    refusing: createRefusingClusters(),
    pools: { get: () => pool },
    clock,
  };
  return act(plan, parts, { log: silentLogger, signal: new AbortController().signal });
}

describe('controllers/minerpool/act', () => {
  it('looks again when the next pod becomes available, however long the steps have taken', async () => {
    assert.deepEqual(await actOn(10, 0), { kind: 'after', ms: 9000 });
    assert.deepEqual(await actOn(10, 2500), { kind: 'after', ms: 6500 });
  });

  it('looks again at once when that moment has passed meanwhile', async () => {
    assert.deepEqual(await actOn(3, 2500), { kind: 'after', ms: 0 });
  });
});
