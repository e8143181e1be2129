import assert from 'node:assert/strict';
import type { Pod } from '../../../src/api/builtin.ts';
import { after, done } from '../../../src/controller/controller.ts';
import { clusterWorld } from '../../support/cluster-world.ts';
import { guestPod, refusedPod } from '../../support/guest-objects.ts';
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
        stage: 'LeftOut',
        startTime: '2026-01-01T12:00:00Z',
        endTime: '2026-01-01T12:10:00Z',
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

  /** A pod of the pool whose container ended with an error, so many seconds ago. */
  function erringPod(name: string, secondsAgo: number): Pod {
    const pod = guestPod(name, { node: 'n', ageSeconds: secondsAgo + 60 });
    const terminated = { exitCode: 1, finishedAt: ago(secondsAgo) };
    const ended = {
      name: 'miner',
      ready: false,
      restartCount: 0,
      image: '',
      imageID: '',
      state: { terminated },
    };
    return { ...pod, status: { phase: 'Failed', containerStatuses: [ended] } };
  }

  it('leaves out a node whose GPU fails pod after pod with an XID error that it has shown all the time', async () => {
    const { reconcile, written, xidErrors, pods } = clusterWorld({}, { start: NOW });
    xidErrors.push({ node: 'n', gpu: 'GPU-1', code: 79, since: undefined, lastWithout: undefined });
    await reconcile();
    assert.deepEqual(written.at(-1)?.status?.nodeFailures, [], 'it may be of last year');
    for (const [index, seconds] of [90, 60, 30].entries()) {
      assert.deepEqual(written.at(-1)?.status?.quarantine, []);
      // The pool makes another one under the same name.
      const pod = erringPod('p', seconds);
      pods.set({ ...pod, metadata: { ...pod.metadata, uid: `uid-${index}` } });
      await reconcile();
      await reconcile();
    }
    assert.equal(written.at(-1)?.status?.quarantine[0]?.reason, '3 x pod with XID 79');
    assert.equal(written.at(-1)?.status?.totals.freeForGuests, 0);
  });

  it('leaves out at once a node one of whose GPUs has a fatal XID error that is new', async () => {
    const { reconcile, written, xidErrors } = clusterWorld({}, { start: NOW });
    xidErrors.push({ node: 'n', gpu: 'GPU-1', code: 94, since: NOW, lastWithout: NOW - 30_000 });
    await reconcile();
    assert.deepEqual(written.at(-1)?.status?.quarantine, []);
    xidErrors.push({ node: 'n', gpu: 'GPU-2', code: 48, since: NOW, lastWithout: NOW - 30_000 });
    await reconcile();
    assert.equal(written.at(-1)?.status?.quarantine[0]?.reason, 'XID 48');
  });

  it('says nothing of a node whose pods fail while its GPUs are well', async () => {
    const { reconcile, written, pods } = clusterWorld({}, { start: NOW });
    ['p', 'q', 'r'].forEach((name) => pods.set(erringPod(name, 30)));
    await reconcile();
    assert.deepEqual(written.at(-1)?.status?.nodeFailures, []);
  });
});
