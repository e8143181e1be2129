import assert from 'node:assert/strict';
import type { Pod } from '../../../src/api/builtin.ts';
import type { KubeObject, Manifest } from '../../../src/api/kube-object.ts';
import { memberKey, writableClusters } from '../../../src/controllers/minerpool/writable-clusters.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { ApiError } from '../../../src/kube/errors.ts';
import { AWAY, type HandFleet, handFleet } from '../../support/hand-fleet.ts';
import { poolPod } from '../../support/pool-objects.ts';
import { memberPod } from '../../support/seen-fleet.ts';

/** An API server that has some namespaces; `races`: somebody makes the missing one at the same moment. */
function serverWith(
  namespaces: string[],
  races = false,
): { client: Partial<KubeClient>; made: KubeObject[] } {
  const made: KubeObject[] = [];
  const create = (_type: unknown, manifest: KubeObject): Promise<KubeObject> => {
    const { name, namespace } = manifest.metadata;
    if (manifest.kind === 'Namespace') {
      namespaces.push(name);
      if (races) {
        return Promise.reject(new ApiError('there', { code: 409, reason: 'AlreadyExists' }));
      }
    } else if (!namespaces.includes(namespace ?? '')) {
      return Promise.reject(new ApiError('no such namespace', { code: 404, reason: 'NotFound' }));
    }
    made.push(manifest);
    return Promise.resolve(manifest);
  };
  return { client: { create: create as unknown as KubeClient['create'] }, made };
}

const manifest = memberPod('a', 0) as unknown as Manifest<Pod>;
const fleetOf = (client: Partial<KubeClient> = {}): HandFleet =>
  handFleet({ local: { client }, a: { client } });

describe('controllers/minerpool/writable-clusters', () => {
  it('knows pods by their owner here, and by a label in members', () => {
    const clusters = writableClusters(fleetOf().fleet, 'home');
    const here = poolPod({ ordinal: 0, revision: 'r' });
    const there = memberPod('a', 0);
    const ownerIn = (cluster: string, pod: Pod): string | undefined => clusters.of(cluster).ownerUid(pod);

    assert.deepEqual(
      [ownerIn('local', here), ownerIn('local', there), ownerIn('a', here), ownerIn('a', there)],
      ['pool-uid', undefined, undefined, 'pool-uid'],
    );
    assert.deepEqual([clusters.of('local').home, clusters.of('a').home], ['', 'home']);
  });

  it('expects of each session of a member by itself, and of the cluster of Headframe by the pool', () => {
    const { fleet, clusters } = fleetOf();
    const keyIn = (cluster: string): string =>
      writableClusters(fleet, 'home').of(cluster).expectationKey('default/pool');

    assert.equal(keyIn('local'), 'default/pool');
    const before = keyIn('a');
    assert.equal(before, memberKey('default/pool', 'a', 1));
    const a = clusters['a'] ?? assert.fail();
    a.view = { ...a.reachable, session: 2 };
    assert.notEqual(keyIn('a'), before);
  });

  it('makes the namespace in a member that lacks it, and marks it as made by us', async () => {
    const { client, made } = serverWith([]);
    await writableClusters(fleetOf(client).fleet, 'home').of('a').create(manifest);

    assert.deepEqual(
      made.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
      ['Namespace default', 'Pod pool-0'],
    );
    assert.deepEqual(made[0]?.metadata.labels, { 'app.kubernetes.io/managed-by': 'headframe' });
  });

  it('makes the pod also when somebody else makes the namespace meanwhile', async () => {
    const { client, made } = serverWith([], true);
    await writableClusters(fleetOf(client).fleet, 'home').of('a').create(manifest);

    assert.deepEqual(
      made.map(({ kind }) => kind),
      ['Pod'],
    );
  });

  it('makes no namespace here: the pool is in it', async () => {
    const { client, made } = serverWith([]);

    await assert.rejects(
      writableClusters(fleetOf(client).fleet, 'home').of('local').create(manifest),
      /namespace/,
    );
    assert.deepEqual(made, []);
  });

  it('refuses a cluster that cannot be asked, by name', () => {
    const { fleet, clusters } = fleetOf();
    (clusters['a'] ?? assert.fail()).view = AWAY;

    assert.throws(() => writableClusters(fleet, 'home').of('a'), /cluster a cannot be reached/);
    assert.throws(() => writableClusters(fleet, 'home').of('unknown'), /cluster unknown cannot be reached/);
  });

  it('makes nothing in members that nobody could tell to be ours, but deletes there all the same', async () => {
    const { client, made } = serverWith(['default']);
    const clusters = writableClusters(fleetOf(client).fleet, undefined);

    await assert.rejects(clusters.of('a').create(manifest), /no pod was made in cluster a: .*kube-system/);
    assert.equal(clusters.of('a').client, client);
    await clusters.of('local').create(manifest);
    assert.equal(made.length, 1);
  });
});
