import assert from 'node:assert/strict';
import { Nodes, Pods } from '../../../src/api/builtin.ts';
import type { Fleet } from '../../../src/controllers/fleet/fleet.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { ApiError } from '../../../src/kube/errors.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { computeCluster, handCache } from '../../support/hand-fleet.ts';
import { loneFleet } from '../../support/lone-fleet.ts';
import { type ManualClock, manualClock, settle } from '../../support/manual-clock.ts';
import { gpuNode } from '../../support/pool-objects.ts';

/** A fleet whose API server answers a question for kube-system with each of `answers`, the last one for ever. */
function fleetWith(...answers: (string | ApiError)[]): {
  fleet: Fleet;
  asked: () => number;
  secrets: () => number;
  clock: ManualClock;
} {
  let asked = 0;
  let secrets = 0;
  const get = (type: { kind: string }): Promise<unknown> => {
    if (type.kind === 'Secret') {
      secrets++;
      return Promise.reject(new ApiError('no such secret', { code: 404, reason: 'NotFound' }));
    }
    const answer = answers[Math.min(asked++, answers.length - 1)];
    return typeof answer === 'string'
      ? Promise.resolve({ metadata: { uid: answer } })
      : Promise.reject(answer ?? new Error('nobody asks'));
  };
  const caches = { nodes: handCache(Nodes, [gpuNode('n')]).informer, pods: handCache(Pods).informer };
  const clock = manualClock();
  const fleet = loneFleet({ get } as unknown as KubeClient, caches, clock);
  return { fleet, asked: () => asked, secrets: () => secrets, clock };
}

const failure = (code: number): ApiError => new ApiError('no', { code, reason: 'No' });

describe('controllers/fleet/local-cluster', () => {
  it('asks for its UID until it is known, and then no more', async () => {
    const { fleet, asked } = fleetWith(failure(503), 'uid');

    assert.equal(await fleet.homeUid(silentLogger), undefined);
    assert.equal(await fleet.homeUid(silentLogger), 'uid');
    assert.equal(await fleet.homeUid(silentLogger), 'uid');
    assert.equal(asked(), 2);
  });

  it('asks again a minute after it was refused: somebody may have given it the right', async () => {
    const { fleet, asked, clock } = fleetWith(failure(403), 'uid');

    assert.equal(await fleet.homeUid(silentLogger), undefined);
    await clock.advance(59_000);
    assert.equal(await fleet.homeUid(silentLogger), undefined);
    assert.equal(asked(), 1);
    await clock.advance(1000);
    assert.equal(await fleet.homeUid(silentLogger), 'uid');
  });

  it('is seen by name, whether it has a ComputeCluster or not, and carries its UID once that is known', async () => {
    const { fleet } = fleetWith('uid');
    const view = fleet.view('local');

    assert.ok(view.kind === 'reachable');
    assert.equal(view.uid, undefined);
    const seen = await fleet.look(computeCluster('local'), silentLogger);
    assert.equal(seen, view);
    assert.equal(view.uid, 'uid');
    assert.deepEqual(
      [...view.nodes()].map(({ metadata }) => metadata.name),
      ['n'],
    );
  });
});

describe('controllers/fleet/fleet', () => {
  it('connects to a member when it is looked at, and to none that is only seen', async () => {
    const { fleet, secrets } = fleetWith('uid');

    assert.deepEqual(fleet.view('a'), { kind: 'connecting' });
    await settle();
    assert.equal(secrets(), 0);
    await fleet.look(computeCluster('a'), silentLogger);
    await settle();
    assert.equal(secrets(), 1);
    const view = fleet.view('a');
    assert.ok(view.kind === 'away');
    assert.equal(view.reason, 'SecretNotFound');
    fleet.forget('a');
    assert.deepEqual(fleet.view('a'), { kind: 'connecting' });
  });

  it('tells all listeners what happens to a member', async () => {
    const { fleet } = fleetWith('uid');
    const heard: string[] = [];
    for (const listener of ['first', 'second']) {
      fleet.listen({
        changed: (cluster) => void heard.push(`${listener}: ${cluster}`),
        podChanged: () => undefined,
      });
    }
    await fleet.look(computeCluster('a'), silentLogger);
    await settle();
    fleet.forget('a');

    assert.deepEqual([...new Set(heard)], ['first: a', 'second: a']);
  });

  it('closes all connections with the end of its run, and opens none after', async () => {
    const { fleet, secrets } = fleetWith('uid');
    const run = new AbortController();
    fleet.begin(run.signal);
    await fleet.look(computeCluster('a'), silentLogger);
    run.abort();

    assert.deepEqual(fleet.view('a'), { kind: 'connecting' });
    await fleet.look(computeCluster('a'), silentLogger);
    await settle();
    assert.ok(secrets() <= 1);
  });
});
