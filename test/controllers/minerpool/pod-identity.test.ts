import assert from 'node:assert/strict';
import type { Pod, PodSpec } from '../../../src/api/builtin.ts';
import type { Manifest } from '../../../src/api/kube-object.ts';
import { decide } from '../../../src/controllers/minerpool/decide.ts';
import { podManifest } from '../../../src/controllers/minerpool/pod.ts';
import { podSource, revisionName } from '../../../src/controllers/minerpool/revision.ts';
import { minerId } from '../../../src/controllers/miner-id.ts';
import { NOW, minerPool } from '../../support/pool-objects.ts';
import { seenHere } from '../../support/seen-here.ts';
import { ADDRESS, MINER_TAG, stake, stakeAccount } from '../../support/stake-objects.ts';

const MOUNT = { name: 'headframe-identity', mountPath: '/etc/headframe/identity', readOnly: true };

/** The first pod of a pool that needs stake, or needs none. */
function firstPod(spec: PodSpec, staked = true): Manifest<Pod> {
  const pool = minerPool({ template: { spec }, ...(staked ? { stake } : {}) });
  const [step] = decide(seenHere({ pool, pods: [], account: stakeAccount() }), NOW).steps;
  return step?.kind === 'create' ? podManifest(pool, step.order) : assert.fail('no pod is made');
}

describe('controllers/minerpool/pod-identity', () => {
  const two: PodSpec = {
    containers: [{ name: 'miner' }, { name: 'side' }],
    initContainers: [{ name: 'init' }],
  };

  it('every container finds the identity in files, which the pod’s own annotations fill', () => {
    const { metadata, spec } = firstPod(two);

    assert.deepEqual(metadata.annotations, {
      'headframe.dev/miner-id': minerId(MINER_TAG, 'pool', 0),
      'headframe.dev/miner-account': ADDRESS,
      'headframe.dev/miner-network': 'testnet',
      'headframe.dev/miner-chain-id': '31337',
    });
    const file = (path: string, annotation: string): object => ({
      path,
      fieldRef: { fieldPath: `metadata.annotations['headframe.dev/${annotation}']` },
    });
    assert.deepEqual(spec.volumes, [
      {
        name: 'headframe-identity',
        downwardAPI: {
          items: [
            file('miner-id', 'miner-id'),
            file('account', 'miner-account'),
            file('network', 'miner-network'),
            file('chain-id', 'miner-chain-id'),
          ],
        },
      },
    ]);
    const containers = [...spec.containers, ...(spec.initContainers ?? [])];
    assert.deepEqual(
      containers.map(({ volumeMounts }) => volumeMounts),
      [[MOUNT], [MOUNT], [MOUNT]],
    );
  });

  it('what the template has is kept beside it', () => {
    const mount = { name: 'data', mountPath: '/data' };
    const { spec } = firstPod({
      containers: [{ name: 'miner', volumeMounts: [mount] }],
      volumes: [{ name: 'data', emptyDir: {} }],
    });

    assert.deepEqual(
      spec.volumes?.map(({ name }) => name),
      ['data', 'headframe-identity'],
    );
    assert.deepEqual(spec.containers[0]?.volumeMounts, [mount, MOUNT]);
    assert.equal('initContainers' in spec, false);
  });

  it('a container that mounts something there is left alone', () => {
    const own = { name: 'own', mountPath: '/etc/headframe/identity/' };
    const { spec } = firstPod({
      containers: [{ name: 'miner', volumeMounts: [own] }, { name: 'side' }],
      volumes: [{ name: 'own', emptyDir: {} }],
    });

    assert.deepEqual(
      spec.containers.map(({ volumeMounts }) => volumeMounts),
      [[own], [MOUNT]],
    );
  });

  it('a template with a volume of that name is left alone', () => {
    const volumes = [{ name: 'headframe-identity', emptyDir: {} }];
    const { spec } = firstPod({ ...two, volumes });

    assert.deepEqual(spec.volumes, volumes);
    assert.deepEqual(spec.initContainers, two.initContainers);
  });

  it('a pool that needs no stake has nothing of it', () => {
    const { metadata, spec } = firstPod(two, false);

    assert.deepEqual(metadata.annotations, {});
    assert.equal('volumes' in spec, false);
  });

  it('changes no revision', () => {
    const [bare, staked] = [minerPool(), minerPool({ stake })].map((pool) =>
      revisionName('pool', podSource(pool)),
    );

    assert.equal(bare, staked);
  });
});
