import { isIPv6 } from 'node:net';
import type { Pod } from '../../api/builtin.ts';
import { type Immutable, type ObjectKey, keyOf } from '../../api/kube-object.ts';
import type { UsageSource } from '../../api/usage-source.ts';

/** A pod that shows how busy GPUs are. */
export interface ExporterPod extends ObjectKey {
  readonly namespace: string;
  readonly port: number;
  readonly path: string;
  /** By its IP address; undefined while it has none. */
  readonly url: URL | undefined;
}

/** The running pods that `spec.usage.exporters` means, sorted by name. */
export function exporterPods(
  pods: Iterable<Immutable<Pod>>,
  { namespace, podSelector, port, path }: Immutable<UsageSource['exporters']>,
): readonly ExporterPod[] {
  const wanted = Object.entries(podSelector);
  const found: ExporterPod[] = [];
  for (const { metadata, status } of pods) {
    const { namespace: itsNamespace = '', name, labels = {} } = metadata;
    if (
      status?.phase === 'Running' &&
      (namespace === undefined || namespace === itsNamespace) &&
      wanted.every(([key, value]) => labels[key] === value)
    ) {
      found.push({ namespace: itsNamespace, name, port, path, url: urlOf(status.podIP, port, path) });
    }
  }
  return found.sort((a, b) => (keyOf({ metadata: a }) < keyOf({ metadata: b }) ? -1 : 1));
}

function urlOf(address: string | undefined, port: number, path: string): URL | undefined {
  if (address === undefined) {
    return undefined;
  }
  const host = isIPv6(address) ? `[${address}]` : address;
  const url = `http://${host}:${port}${path}`;
  return URL.canParse(url) ? new URL(url) : undefined;
}
