import type { Pod } from '../../api/builtin.ts';
import { type ComputeCluster, LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { usageSource } from '../../api/usage-source.ts';
import type { KubeClient } from '../../kube/client.ts';
import { readMetricsText } from '../../telemetry/read-metrics.ts';
import { type Clock, sleep } from '../../time/clock.ts';
import { type ExporterPod, exporterPods } from './exporter-pods.ts';
import { type ReadExporter, readExporters } from './read-exporters.ts';
import { readPrometheus } from './read-prometheus.ts';
import { SourceRefusedError, type UsageReading } from './reading.ts';

/** What is needed to read the usage of clusters. */
export interface ReadUsageParts {
  /** Of the cluster in which Headframe runs. */
  readonly client: KubeClient;
  /** In which Headframe runs, and Secrets are. */
  readonly namespace: string;
  readonly clock: Clock;
}

/** The cluster whose usage is read. */
export interface ReadTarget {
  readonly cluster: Immutable<ComputeCluster>;
  /** Its pods. */
  readonly pods: Iterable<Immutable<Pod>>;
  /** Of its API server. */
  readonly client: KubeClient;
}

/** One exporter, which is on the node and measures all the time, has no reason to take longer. */
const EXPORTER_TIMEOUT_MS = 5000;
const EXPORTER_BYTES = 4 * 1024 * 1024;
/** As a Prometheus scrape. */
const QUERY_TIMEOUT_MS = 10_000;

/** Reads what `spec.usage` names; undefined when it names nothing. Takes no longer than an interval. Never fails but for mistakes of ours. */
export async function readUsage(
  target: ReadTarget,
  parts: ReadUsageParts,
  signal: AbortSignal,
): Promise<UsageReading | undefined> {
  const usage = usageSource(target.cluster.spec);
  const { clock } = parts;
  const intervalMs = usage.intervalSeconds * 1000;
  if (usage.source === 'Prometheus' && usage.prometheus !== undefined) {
    const timeoutMs = Math.min(QUERY_TIMEOUT_MS, intervalMs);
    return readPrometheus(usage.prometheus, usage.intervalSeconds, { ...parts, timeoutMs, signal });
  }
  if (usage.source !== 'Exporters') {
    return undefined;
  }
  const late = new AbortController();
  const done = new AbortController();
  void sleep(clock, intervalMs, done.signal).then(() => late.abort());
  const ends = AbortSignal.any([signal, late.signal]);
  const limits = { clock, timeoutMs: EXPORTER_TIMEOUT_MS, maxBytes: EXPORTER_BYTES, signal: ends };
  try {
    const isDirect =
      usage.exporters.access === 'Direct' ||
      (usage.exporters.access === 'Auto' && target.cluster.metadata.name === LOCAL_CLUSTER);
    const read: ReadExporter = isDirect
      ? (pod) => readMetricsText(addressOf(pod), limits)
      : (pod) => target.client.readPod(pod, pod, limits);
    return await readExporters(exporterPods(target.pods, usage.exporters), read, ends);
  } finally {
    done.abort();
  }
}

function addressOf({ url, name }: ExporterPod): URL {
  if (url === undefined) {
    throw new SourceRefusedError(`pod ${name} has no IP address yet, or asks for GPUs itself`);
  }
  return url;
}
