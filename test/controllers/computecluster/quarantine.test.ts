import assert from 'node:assert/strict';
import { after, done } from '../../../src/controller/controller.ts';
import { clusterWorld } from '../../support/cluster-world.ts';
import { refusedPod } from '../../support/guest-objects.ts';
import { NOW, ago, gpuNode } from '../../support/pool-objects.ts';

const MINUTE = 60_000;

describe('controllers/computecluster, quarantine', () => {
  it('leaves out a node that refuses GPU pods, with an event and a metric, and tries it again', async () => {
    const world = clusterWorld({}, { start: NOW });
    const { reconcile, pods, nodes, written, clock, events, metrics, restart } = world;
    nodes.set(gpuNode('m'));
    for (const [index, seconds] of [90, 60, 30].entries()) {
      const pod = refusedPod(`p${index}`, 'm', ago(seconds));
      pods.set(pod);
      await reconcile();
      // The pool makes another one.
      pods.remove(pod);
      restart();
    }

    const last = written.at(-1)?.status;
    const { allocatable, free, freeForGuests } = last?.totals ?? {};
    assert.deepEqual([allocatable, free, freeForGuests], [16, 8, 8]);
    assert.deepEqual(last?.quarantine, [
      {
        node: 'm',
        state: 'LeftOut',
        since: '2026-01-01T12:00:00Z',
        until: '2026-01-01T12:10:00Z',
        times: 1,
        reason: '3 x UnexpectedAdmissionError',
      },
    ]);
    assert.deepEqual(
      events.map(({ type, reason, note }) => `${type} ${reason}: ${note}`),
      [
        'Warning NodeQuarantined: node m is left out until 2026-01-01T12:10:00Z: 3 x UnexpectedAdmissionError',
      ],
    );
    assert.match(await metrics(), /^headframe_cluster_nodes_quarantined\{cluster="local"\} 1$/m);
    assert.match(await metrics(), /^headframe_cluster_quarantines_total\{cluster="local"\} 1$/m);

    assert.deepEqual(await reconcile(), after(10 * MINUTE));
    await clock.advance(10 * MINUTE);
    assert.deepEqual(await reconcile(), done);
    assert.equal(written.at(-1)?.status?.totals.free, 16);
    assert.equal(events.at(-1)?.reason, 'NodeReleased');
    assert.match(await metrics(), /^headframe_cluster_nodes_quarantined\{cluster="local"\} 0$/m);
    const writes = written.length;
    assert.deepEqual(await reconcile(), done);
    assert.equal(written.length, writes);
  });

  it('counts XID errors that somebody measures, each once', async () => {
    const { reconcile, written, xidErrors } = clusterWorld({}, { start: NOW });
    xidErrors.push(
      { node: 'n', gpu: 'GPU-1', code: 79, since: NOW },
      { node: 'n', gpu: 'GPU-2', code: 79, since: NOW },
    );
    await reconcile();
    await reconcile();
    assert.deepEqual(written.at(-1)?.status?.quarantine, []);
    xidErrors.push({ node: 'n', gpu: 'GPU-3', code: 48, since: NOW });
    await reconcile();
    assert.equal(written.at(-1)?.status?.quarantine[0]?.reason, '2 x XID 79, XID 48');
    assert.equal(written.at(-1)?.status?.totals.freeForGuests, 0);
  });
});
