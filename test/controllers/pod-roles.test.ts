import assert from 'node:assert/strict';
import type { Pod } from '../../src/api/builtin.ts';
import { type PodRole, concernsCluster, rolesOf } from '../../src/controllers/pod-roles.ts';
import { guestPod, refusedPod, waitingPod } from '../support/guest-objects.ts';
import { ago } from '../support/pool-objects.ts';

describe('controllers/pod-roles', () => {
  const rows: readonly { what: string; pod: Pod; roles: readonly PodRole[]; concerns: boolean }[] = [
    { what: 'a guest without a node', pod: guestPod('g'), roles: ['guest'], concerns: false },
    { what: 'a guest on a node', pod: guestPod('g', { node: 'n' }), roles: ['guest'], concerns: true },
    {
      what: 'a guest that has notice',
      pod: guestPod('g', { leaveAt: ago(0) }),
      roles: ['guest', 'told'],
      concerns: true,
    },
    { what: 'a pod that waits for GPUs', pod: waitingPod('w'), roles: ['unbound'], concerns: true },
    { what: 'a pod that asks for none', pod: waitingPod('w', { gpus: 0 }), roles: [], concerns: false },
    { what: 'a pod on a node', pod: waitingPod('w', { node: 'n' }), roles: [], concerns: true },
    { what: 'a refused pod', pod: refusedPod('r', 'n', ago(0)), roles: ['refused'], concerns: true },
  ];
  for (const { what, pod, roles, concerns } of rows) {
    it(`${what}: ${roles.join(' and ') || 'no role'}`, () => {
      assert.deepEqual(rolesOf(pod), roles);
      assert.equal(concernsCluster({ type: 'deleted', object: pod }), concerns);
    });
  }
});
