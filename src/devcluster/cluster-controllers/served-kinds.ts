import type { Condition, KubeObject, ResourceType } from '../../api/kube-object.ts';
import type { Informer } from '../../kube/informer.ts';
import type { Transport } from '../../kube/transport.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { Clock } from '../../time/clock.ts';
import { discover, type ApiResources } from './api-resources.ts';
import { keyQueue } from './key-queue.ts';

/** A CustomResourceDefinition: what it adds to the kinds that are served. */
export interface CustomResourceDefinition extends KubeObject {
  spec: { group: string; names: { kind: string } };
  status?: { conditions?: Condition[] };
}

export const CustomResourceDefinitions: ResourceType<CustomResourceDefinition> = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

/** Keeps what discovery says up to date, by watching what changes it: the CustomResourceDefinitions. */
export interface ServedKinds {
  /** To be called when the informer is synced. */
  start(): void;
  stop(): Promise<void>;
}

export interface ServedKindsOptions {
  readonly transport: Transport;
  readonly definitions: Informer<CustomResourceDefinition>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Told of every new state, one after the other. */
  readonly onKinds: (resources: ApiResources) => Promise<void>;
}

/** Registers its handler at once: call before the informer starts. */
export function createServedKinds(options: ServedKindsOptions): ServedKinds {
  const { transport, definitions, clock, log, signal, onKinds } = options;
  const queue = keyQueue({ run: refresh, clock, log, workers: 1 });
  /** `group/kind` of definitions that were there and are not any more. */
  const removed = new Set<string>();
  let started = false;

  /** @throws when discovery is behind the definitions, so that it is asked again */
  async function refresh(): Promise<void> {
    const { resources, failed } = await discover(transport, { clock, signal });
    await onKinds(resources);
    const served = new Set(resources.all.map(({ group, kind }) => `${group}/${kind}`));
    const missing = [...definitions.store.list()].filter(isEstablished).map(nameOf);
    const behind = [
      ...missing.filter((name) => !served.has(name)),
      ...[...removed].filter((name) => served.has(name)),
      ...failed,
    ];
    if (behind.length > 0) {
      throw new Error(`discovery is behind: ${behind.join(', ')}`);
    }
    removed.clear();
  }

  definitions.onChange((change) => {
    const name = nameOf(change.object);
    if (change.type === 'deleted') {
      removed.add(name);
    } else {
      removed.delete(name);
    }
    if (
      started &&
      (change.type !== 'updated' || isEstablished(change.object) !== isEstablished(change.previous))
    ) {
      queue.add('kinds');
    }
  });

  return {
    start() {
      started = true;
      queue.add('kinds');
    },
    stop: () => queue.stop(),
  };
}

interface Definition {
  readonly metadata: { readonly deletionTimestamp?: string };
  readonly spec: { readonly group: string; readonly names: { readonly kind: string } };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

function nameOf({ spec }: Definition): string {
  return `${spec.group}/${spec.names.kind}`;
}

function isEstablished({ metadata, status }: Definition): boolean {
  return (
    metadata.deletionTimestamp === undefined &&
    status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True') === true
  );
}
