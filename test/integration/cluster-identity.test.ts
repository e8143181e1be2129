import assert from 'node:assert/strict';
import { Secrets } from '../../src/api/builtin.ts';
import { ComputeClusters } from '../../src/api/compute-cluster.ts';
import { findCondition } from '../../src/api/conditions.ts';
import { isNotFound } from '../../src/kube/errors.ts';
import { clusterKind } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';
import { type Census, type FleetOnTrial, fleetOnTrial, v100Node } from './support/fleet-on-trial.ts';

describe(`which cluster a ComputeCluster is, on ${clusterKind} API servers`, function () {
  this.timeout(120_000);
  let fleet: FleetOnTrial;
  let census: Census;
  /** UIDs of the pods in campus, as they were made. */
  let made: readonly string[];

  before(async () => {
    fleet = await fleetOnTrial({
      local: [],
      campus: [v100Node('campus-a', 8)],
      spare: [v100Node('spare-a', 8)],
      fresh: [v100Node('fresh-a', 8)],
    });
    await fleet.join('campus');
    const clusterSelector = { names: ['campus', 'spare', 'twin', 'other'] };
    await fleet.applyPool('p', { replicas: 4, placement: { clusterSelector } });
    await isReady();
    made = await uids('campus');
    census = await fleet.census('p');
  });
  after(async () => {
    await census.stop();
    await fleet.stop();
  });

  const uids = async (cluster: string): Promise<readonly string[]> =>
    (await fleet.pods(cluster, 'p')).map(({ metadata }) => metadata.uid);

  async function reasonOf(name: string): Promise<string | undefined> {
    const { status } = await fleet.home.client.get(ComputeClusters, { name });
    return findCondition(status?.conditions, 'Ready')?.reason;
  }

  async function isReady(pool = 'p'): Promise<void> {
    await untilPasses(async () => {
      const { status } = await fleet.pool(pool);
      assert.equal(findCondition(status?.conditions, 'Ready')?.reason, 'AllReplicasReady');
    }, 30_000);
  }

  async function says(name: string, expected: string): Promise<string> {
    let message = '';
    await untilPasses(async () => {
      const { status } = await fleet.home.client.get(ComputeClusters, { name });
      const ready = findCondition(status?.conditions, 'Ready');
      assert.equal(ready?.reason, expected, ready?.message);
      message = ready.message;
    }, 30_000);
    return message;
  }

  /** Another way to the cluster of that member. */
  async function joinAs(name: string, member: string): Promise<void> {
    const { proxy } = fleet.members.get(member) ?? assert.fail();
    await fleet.putKubeconfig(name, proxy.kubeconfig);
    await fleet.applyCluster(name, {});
  }

  async function remove(name: string): Promise<void> {
    await fleet.home.client.delete(ComputeClusters, { name });
    await untilPasses(async () => {
      await assert.rejects(fleet.home.client.get(ComputeClusters, { name }), isNotFound);
    }, 20_000);
  }

  async function belongsTo(cluster: string): Promise<void> {
    await untilPasses(async () => {
      const { status } = await fleet.pool('p');
      assert.deepEqual(
        status?.placement?.places.map((place) => `${place.cluster} ${place.ordinals}`),
        [`${cluster} 0-3`],
      );
    }, 20_000);
  }

  async function untouched(): Promise<void> {
    // Long enough for a wrong step to be made and seen.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    assert.deepEqual(await uids('campus'), made);
    assert.deepEqual(await uids('spare'), []);
    assert.deepEqual(census.doubled(), []);
  }

  it('counts one of two that are made at the same moment, and ends no pod for that', async () => {
    const clusterSelector = { names: ['one', 'two'] };
    await fleet.applyPool('q', { replicas: 4, placement: { clusterSelector } });
    const ofQ = await fleet.census('q');
    await Promise.all([joinAs('two', 'fresh'), joinAs('one', 'fresh')]);
    await isReady('q');
    await new Promise((resolve) => setTimeout(resolve, 3000));

    const duplicates = await Promise.all(['one', 'two'].map((name) => reasonOf(name)));
    assert.equal(duplicates.filter((reason) => reason === 'DuplicateCluster').length, 1);
    const { stdout } = await fleet.home.kubectl(['get', 'events', '-A', '-o', 'json']);
    assert.doesNotMatch(stdout, /PodsDeleted/);
    assert.deepEqual(ofQ.doubled(), []);
    await ofQ.stop();
  });

  it('lets a duplicate go without touching a pod', async () => {
    // Creation times have whole seconds.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await joinAs('twin', 'campus');
    await says('twin', 'DuplicateCluster');
    await remove('twin');

    await untouched();
  });

  it('keeps the pods of the older one while its Secret is gone', async () => {
    await joinAs('twin', 'campus');
    await says('twin', 'DuplicateCluster');
    await fleet.home.client.delete(Secrets, { namespace: 'default', name: 'campus' });
    await says('campus', 'SecretNotFound');
    await untouched();
    await says('twin', 'DuplicateCluster');

    await joinAs('campus', 'campus');
    await isReady();
    await untouched();
  });

  it('hands the pods over when the older one is deleted', async () => {
    await remove('campus');
    await belongsTo('twin');
    await isReady();

    await untouched();
  });

  it('withholds a cluster whose kubeconfig leads to another one, until it leads back', async () => {
    // What is remembered outlives both the Secret and the operator.
    await fleet.home.client.delete(Secrets, { namespace: 'default', name: 'twin' });
    await says('twin', 'SecretNotFound');
    await joinAs('twin', 'spare');
    const message = await says('twin', 'ClusterChanged');
    assert.match(message, /replicas of pool default\/p are in the former one; .*computecluster twin/);
    await fleet.restart();
    await untouched();
    await belongsTo('twin');

    await joinAs('twin', 'campus');
    await says('twin', 'InventoryKnown');
    await isReady();
    await untouched();
  });

  it('gives the pods of the former cluster to a twin when it is released', async () => {
    await joinAs('other', 'campus');
    await says('other', 'DuplicateCluster');
    await joinAs('twin', 'spare');
    await says('twin', 'ClusterChanged');
    await fleet.home.kubectl(['annotate', 'computecluster', 'twin', 'headframe.dev/release=true']);
    await says('twin', 'InventoryKnown');
    await belongsTo('other');
    await isReady();

    await untouched();
  });

  it('is the new cluster once it is released, and says what may be left in the former one', async () => {
    await remove('twin');
    await joinAs('other', 'spare');
    await says('other', 'ClusterChanged');
    await fleet.home.kubectl(['annotate', 'computecluster', 'other', 'headframe.dev/release=true']);
    await says('other', 'InventoryKnown');
    await untilPasses(async () => assert.equal((await uids('spare')).length, 4), 20_000);
    await isReady();

    assert.deepEqual(await uids('campus'), made);
    const { metadata } = await fleet.home.client.get(ComputeClusters, { name: 'other' });
    assert.equal(metadata.annotations?.['headframe.dev/release'], undefined);
    await untilPasses(async () => {
      const { stdout } = await fleet.home.kubectl(['get', 'events', '-A', '-o', 'json']);
      assert.match(stdout, /ClusterReplaced/);
    }, 20_000);
  });
});
