import assert from 'node:assert/strict';
import type { Pod } from '../../src/api/builtin.ts';
import { controllerOf } from '../../src/api/kube-object.ts';
import { isAkashOwned } from '../../src/compute/akash/ownership.ts';
import { podGpuRequest } from '../../src/compute/pod-gpus.ts';
import { projectPod } from '../../src/controllers/pod-projection.ts';
import { poolPod } from '../support/pool-objects.ts';

/** As it comes from a watch: no string is shared with another. */
function parsed(pod: Pod): Pod {
  return JSON.parse(JSON.stringify(pod)) as Pod;
}

describe('controllers/pod-projection', () => {
  const pod = poolPod({ ordinal: 3, revision: 'pool-abc', node: 'n1', readyFor: 60 });

  it('keeps what decides something', () => {
    const kept = projectPod(parsed(pod));

    assert.equal(kept.metadata.uid, pod.metadata.uid);
    assert.equal(kept.metadata.resourceVersion, pod.metadata.resourceVersion);
    assert.deepEqual(kept.metadata.labels, pod.metadata.labels);
    assert.equal(controllerOf(kept)?.uid, controllerOf(pod)?.uid);
    assert.equal(podGpuRequest(kept, 'nvidia.com/gpu'), podGpuRequest(pod, 'nvidia.com/gpu'));
    assert.equal(kept.spec.nodeName, 'n1');
    assert.equal(kept.status?.phase, pod.status?.phase);
    const ready = (of: Pod): unknown => of.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
    assert.equal(ready(kept), ready(pod));
  });

  it('drops environment, foreign annotations and owners that do not manage, and conditions that nobody asks', () => {
    const whole = parsed(pod);
    whole.metadata.annotations = {
      'headframe.dev/restart-attempt': '2',
      'example.com/note': 'long',
      'akash.network/x': '1',
    };
    whole.metadata.ownerReferences?.push({ apiVersion: 'v1', kind: 'ConfigMap', name: 'c', uid: 'u' });
    whole.spec.containers[0]!.env = [{ name: 'A', value: 'b' }];
    whole.status!.conditions!.push({ type: 'Initialized', status: 'True' });

    const kept = projectPod(whole);

    assert.deepEqual(kept.metadata.annotations, {
      'headframe.dev/restart-attempt': '2',
      'akash.network/x': '1',
    });
    assert.equal(isAkashOwned(kept), isAkashOwned(whole));
    assert.equal(kept.metadata.ownerReferences?.length, 1);
    assert.equal(kept.spec.containers[0]?.env, undefined);
    assert.equal(
      kept.status?.conditions?.some(({ type }) => type === 'Initialized'),
      false,
    );
  });
});
