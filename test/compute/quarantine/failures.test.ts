import assert from 'node:assert/strict';
import type { Node, NodeCondition } from '../../../src/api/builtin.ts';
import { refusalOf, reportedFailureOf } from '../../../src/compute/quarantine/failures.ts';
import { refusedPod, waitingPod } from '../../support/guest-objects.ts';
import { NOW, ago, gpuNode } from '../../support/pool-objects.ts';

describe('compute/quarantine/failures', () => {
  const pods: readonly { reason: string; counts: boolean }[] = [
    { reason: 'UnexpectedAdmissionError', counts: true },
    { reason: 'TopologyAffinityError', counts: true },
    { reason: 'OutOfnvidia.com/gpu', counts: true },
    { reason: 'OutOfamd.com/gpu', counts: false },
    { reason: 'OutOfcpu', counts: false },
    { reason: 'NodeAffinity', counts: false },
    { reason: 'Evicted', counts: false },
    { reason: 'Preempting', counts: false },
  ];
  for (const { reason, counts } of pods) {
    it(`a GPU pod that failed with ${reason} ${counts ? 'speaks' : 'says nothing'} against its node`, () => {
      const expected = { node: 'n', id: 'p-uid', at: NOW - 5000, what: reason, counts: 'once' };
      assert.deepEqual(refusalOf(refusedPod('p', 'n', ago(5), reason)), counts ? expected : undefined);
    });
  }

  it('says nothing of pods without GPUs, and of those that have not failed', () => {
    const refused = refusedPod('p', 'n', ago(5));
    const { containers } = waitingPod('p', { gpus: 0 }).spec;
    assert.equal(refusalOf({ ...refused, spec: { ...refused.spec, containers } }), undefined);
    assert.equal(refusalOf({ ...refused, status: { ...refused.status, phase: 'Running' } }), undefined);
  });

  const reports: readonly { condition: NodeCondition; what: string | undefined }[] = [
    {
      condition: { type: 'XIDErrors', status: 'True', reason: 'XID79' },
      what: 'XIDErrors: XID79',
    },
    { condition: { type: 'XIDErrors', status: 'False', reason: 'NoXID' }, what: undefined },
    {
      condition: { type: 'AcceleratedHardwareReady', status: 'False', reason: 'NvidiaXID79Error' },
      what: 'AcceleratedHardwareReady: NvidiaXID79Error',
    },
    {
      condition: { type: 'AcceleratedHardwareReady', status: 'False', reason: 'NeuronDMAError' },
      what: undefined,
    },
    {
      condition: { type: 'AcceleratedHardwareReady', status: 'True', reason: 'NvidiaXIDFree' },
      what: undefined,
    },
    { condition: { type: 'DiskPressure', status: 'True', reason: 'NvidiaXID' }, what: undefined },
  ];
  for (const { condition, what } of reports) {
    it(`a node with ${condition.type} ${condition.status} for ${condition.reason} is ${what === undefined ? 'well' : 'broken'}`, () => {
      const node: Node = gpuNode('n');
      node.status!.conditions!.push({ ...condition, lastTransitionTime: ago(60) });
      const found = reportedFailureOf(node);
      assert.equal(found?.what, what);
      assert.deepEqual(
        found && [found.node, found.at, found.counts],
        what === undefined ? undefined : ['n', NOW - 60_000, 'standing'],
      );
    });
  }
});
