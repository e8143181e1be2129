import assert from 'node:assert/strict';
import type { Pod, PodCondition, PodStatus } from '../../src/api/builtin.ts';
import { controllerOf } from '../../src/api/kube-object.ts';
import { isAkashOwned } from '../../src/compute/akash/ownership.ts';
import { podGpuRequest } from '../../src/compute/pod-gpus.ts';
import { heldUntil } from '../../src/compute/usage/holding.ts';
import { projectPod } from '../../src/controllers/pod-projection.ts';
import { guestPod, waitingPod } from '../support/guest-objects.ts';
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

  it('keeps of a pod that waits for GPUs where it may be, and of a guest how long it may take to end', () => {
    const required = {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Exists' as const }] }],
    };
    const place = {
      nodeSelector: { zone: 'b' },
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } },
      tolerations: [{ key: 'team', operator: 'Exists' }],
    };
    const placed = (of: Pod): Pod => {
      const affinity = { ...place.affinity, podAffinity: { x: 1 } };
      return parsed({ ...of, spec: { ...of.spec, ...place, affinity, terminationGracePeriodSeconds: 7 } });
    };
    const kept = (of: Pod): object => {
      const { containers: _, ...rest } = projectPod(placed(of)).spec;
      return rest;
    };

    assert.deepEqual(kept(waitingPod('w')), place);
    assert.deepEqual(kept(waitingPod('w', { gpus: 0 })), {});
    assert.deepEqual(kept(waitingPod('w', { node: 'n' })), { nodeName: 'n' });
    assert.deepEqual(kept(guestPod('g')), { terminationGracePeriodSeconds: 7 });
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

describe('controllers/pod-projection, for usage', () => {
  it('keeps the address of pods without GPUs only: exporters have none', () => {
    const miner = parsed(poolPod({ ordinal: 0, revision: 'r', node: 'n' }));
    miner.status!.podIP = '10.0.0.1';
    const exporter = { ...parsed(miner), spec: { containers: [{ name: 'e' }] } };

    assert.equal(projectPod(miner).status?.podIP, undefined);
    assert.equal(projectPod(exporter).status?.podIP, '10.0.0.1');
  });

  const at = (minute: number): string => `2026-03-01T10:${String(minute).padStart(2, '0')}:00Z`;
  const changes = (...types: string[]): PodCondition[] =>
    types.map((type, index) => ({ type, status: 'False', lastTransitionTime: at(10 + index) }));
  for (const [what, status] of [
    ['whose container ended', { phase: 'Failed', ...endedAt(at(5)), conditions: changes('Ready') }],
    ['of a lost node', { phase: 'Failed', conditions: changes('PodScheduled', 'DisruptionTarget', 'Ready') }],
    [
      'whose other conditions change later',
      { phase: 'Succeeded', conditions: changes('Ready', 'ContainersReady', 'PodReadyToStartContainers') },
    ],
  ] as const satisfies [string, PodStatus][]) {
    it(`a pod ${what} ends at the same moment, whole or from a cache`, () => {
      const whole = { ...poolPod({ ordinal: 0, revision: 'r', node: 'n' }), status: status as PodStatus };
      assert.notEqual(heldUntil(whole), undefined);
      assert.equal(heldUntil(projectPod(parsed(whole))), heldUntil(whole));
    });
  }

  function endedAt(finishedAt: string): Pick<PodStatus, 'containerStatuses'> {
    const state = { terminated: { exitCode: 1, finishedAt } };
    const common = { ready: false, restartCount: 0, image: '', imageID: '' };
    return { containerStatuses: [{ name: 'm', ...common, state }] };
  }
});
