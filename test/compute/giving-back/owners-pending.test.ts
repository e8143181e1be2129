import assert from 'node:assert/strict';
import type { Pod } from '../../../src/api/builtin.ts';
import { ownersPendingGpus } from '../../../src/compute/giving-back/owners-pending.ts';
import { waitingPod } from '../../support/guest-objects.ts';

describe('compute/giving-back/owners-pending', () => {
  const rows: readonly { what: string; pod: Pod; gpus: object }[] = [
    {
      what: 'a pod for which no node has the GPUs',
      pod: waitingPod('w', { gpus: 4 }),
      gpus: { 'nvidia.com/gpu': 4 },
    },
    {
      what: 'one of a lease on Akash',
      pod: waitingPod('w', { labels: { 'akash.network': 'true' } }),
      gpus: { 'nvidia.com/gpu': 1 },
    },
    {
      what: 'AMD’s',
      pod: waitingPod('w', { gpus: 2, resource: 'amd.com/gpu' }),
      gpus: { 'amd.com/gpu': 2 },
    },
    {
      what: 'a guest',
      pod: waitingPod('w', { labels: { 'app.kubernetes.io/managed-by': 'headframe' } }),
      gpus: {},
    },
    {
      what: 'a pod that waits for processors',
      pod: waitingPod('w', { message: '0/3 nodes are available: 3 Insufficient cpu.' }),
      gpus: {},
    },
    {
      what: 'a pod that waits for another vendor’s GPUs than it asks for',
      pod: waitingPod('w', { message: '0/1 nodes are available: 1 Insufficient amd.com/gpu.' }),
      gpus: {},
    },
    { what: 'a pod that nobody has tried to schedule', pod: waitingPod('w', { message: null }), gpus: {} },
    { what: 'a pod that asks for none', pod: waitingPod('w', { gpus: 0 }), gpus: {} },
    { what: 'a pod that has a node', pod: waitingPod('w', { node: 'n' }), gpus: {} },
    { what: 'a pod that is being deleted', pod: waitingPod('w', { terminating: true }), gpus: {} },
    { what: 'a pod that has failed', pod: waitingPod('w', { phase: 'Failed' }), gpus: {} },
  ];
  for (const { what, pod, gpus } of rows) {
    it(`${what}: ${JSON.stringify(gpus)}`, () => {
      assert.deepEqual(ownersPendingGpus([pod]), gpus);
    });
  }

  it('adds up by resource', () => {
    const pods = [
      waitingPod('a', { gpus: 4 }),
      waitingPod('b', { gpus: 1 }),
      waitingPod('c', { gpus: 2, resource: 'amd.com/gpu' }),
    ];
    assert.deepEqual(ownersPendingGpus(pods), { 'nvidia.com/gpu': 5, 'amd.com/gpu': 2 });
  });
});
