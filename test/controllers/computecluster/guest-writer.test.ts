import assert from 'node:assert/strict';
import type { Pod } from '../../../src/api/builtin.ts';
import { labels } from '../../../src/api/group.ts';
import { guestWriter } from '../../../src/controllers/computecluster/guest-writer.ts';
import type { Host } from '../../../src/controllers/computecluster/own-guests.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { ApiError } from '../../../src/kube/errors.ts';
import { guestPod, waitingPod } from '../../support/guest-objects.ts';

const here: Host = { isLocal: true, home: undefined };
const there: Host = { isLocal: false, home: 'home-uid' };

/** A pod of ours in another cluster. */
function abroad(more: Record<string, string> = {}): Pod {
  const pod = guestPod('p', { labels: { [labels.home]: 'home-uid', [labels.poolUid]: 'pool-uid', ...more } });
  const { ownerReferences: _, ...metadata } = pod.metadata;
  return { ...pod, metadata };
}

describe('controllers/computecluster/guest-writer', () => {
  function writer(host: Host, error?: Error): { writer: ReturnType<typeof guestWriter>; calls: string[] } {
    const calls: string[] = [];
    const call = (verb: string) => (): Promise<void> => {
      calls.push(verb);
      return error === undefined ? Promise.resolve() : Promise.reject(error);
    };
    const client = { mergePatch: call('patch'), delete: call('delete') } as unknown as KubeClient;
    return { writer: guestWriter(client, host), calls };
  }

  const refused: readonly { what: string; pod: Pod; host: Host }[] = [
    {
      what: 'a pod of a lease on Akash',
      pod: waitingPod('p', { labels: { 'akash.network': 'true' } }),
      host: here,
    },
    {
      what: 'a guest that carries Akash’s label',
      pod: guestPod('p', { labels: { 'akash.network': 'true' } }),
      host: here,
    },
    {
      what: 'a guest that carries any label of Akash’s domain',
      pod: abroad({ 'akash.network/namespace': 'x' }),
      host: there,
    },
    { what: 'the owner’s pod', pod: waitingPod('p'), host: here },
    { what: 'another Headframe’s guest', pod: abroad({ [labels.home]: 'elsewhere' }), host: there },
    {
      what: 'any guest where nobody knows which Headframe this is',
      pod: abroad(),
      host: { ...there, home: undefined },
    },
    { what: 'a guest that belongs to no pool', pod: abroad(), host: here },
  ];
  for (const { what, pod, host } of refused) {
    it(`refuses to write ${what}, and sends nothing`, async () => {
      const { writer: write, calls } = writer(host);
      await assert.rejects(write.giveNotice(pod, '2026-01-01T00:00:00Z'), /none of this Headframe's guests/);
      await assert.rejects(write.withdrawNotice(pod), /none of this Headframe's guests/);
      await assert.rejects(write.remove(pod, undefined), /none of this Headframe's guests/);
      assert.deepEqual(calls, []);
    });
  }

  it('writes our own, here and in other clusters', async () => {
    for (const { pod, host } of [
      { pod: guestPod('p'), host: here },
      { pod: abroad(), host: there },
    ]) {
      const { writer: write, calls } = writer(host);
      await write.giveNotice(pod, '2026-01-01T00:00:00Z');
      await write.remove(pod, 3);
      assert.deepEqual(calls, ['patch', 'delete']);
    }
  });

  it('leaves alone what is gone or has changed, and throws what else goes wrong', async () => {
    for (const code of [404, 409]) {
      const reason = code === 404 ? 'NotFound' : 'Conflict';
      await writer(here, new ApiError('x', { code, reason })).writer.remove(guestPod('p'), undefined);
    }
    const forbidden = new ApiError('no', { code: 403, reason: 'Forbidden' });
    await assert.rejects(writer(here, forbidden).writer.remove(guestPod('p'), undefined), /no/);
  });
});
