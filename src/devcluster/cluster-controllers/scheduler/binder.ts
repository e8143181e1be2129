import { Pods, type Pod } from '../../../api/builtin.ts';
import type { Immutable } from '../../../api/kube-object.ts';
import { ApiError, isNotFound } from '../../../kube/errors.ts';
import type { KubeClient } from '../../../kube/client.ts';
import { resourcePath } from '../../../kube/path.ts';
import { sendPatiently } from '../../../kube/patience.ts';
import type { Transport } from '../../../kube/transport.ts';
import { backoffMs, type BackoffPolicy } from '../../../time/backoff.ts';
import { sleep, type Clock } from '../../../time/clock.ts';

/** `bound`: to this node, or to another that the watch will tell; `gone`: no such pod any more; `unbound`: try again. */
export type BindOutcome = 'bound' | 'gone' | 'unbound';

export interface Binder {
  /** Posts the binding, and finds out what came of it when the answer does not say. Never throws. */
  bind(pod: Immutable<Pod>, node: string): Promise<BindOutcome>;
}

const LOOK_BACKOFF: BackoffPolicy = { initialMs: 100, factor: 2, maxMs: 5_000 };
const RETRIES = 10;

export function podBinder(options: {
  readonly transport: Transport;
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Binder {
  const { transport, client, clock, signal } = options;

  async function post({ metadata }: Immutable<Pod>, node: string): Promise<void> {
    const { namespace, name, uid } = metadata;
    const body = {
      apiVersion: 'v1',
      kind: 'Binding',
      // The API server refuses the binding of a later pod of the same name.
      metadata: { namespace, name, uid },
      target: { apiVersion: 'v1', kind: 'Node', name: node },
    };
    await sendPatiently(
      transport,
      {
        method: 'POST',
        path: resourcePath(Pods, { namespace, name, subresource: 'binding' }),
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
        signal,
      },
      { retries: RETRIES, clock },
    );
  }

  /** What the API server has of the pod, as soon as it can be asked. */
  async function look({ metadata }: Immutable<Pod>): Promise<BindOutcome> {
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        const live = await client.get(Pods, { namespace: metadata.namespace, name: metadata.name });
        if (live.metadata.uid !== metadata.uid) {
          return 'gone';
        }
        return live.spec.nodeName === undefined || live.spec.nodeName === '' ? 'unbound' : 'bound';
      } catch (error) {
        if (isNotFound(error)) {
          return 'gone';
        }
        await sleep(clock, backoffMs(LOOK_BACKOFF, failures), signal);
      }
    }
    return 'unbound';
  }

  return {
    async bind(pod, node) {
      try {
        await post(pod, node);
        return 'bound';
      } catch (error) {
        if (error instanceof ApiError && error.code === 404) {
          return 'gone';
        }
        return look(pod);
      }
    },
  };
}
