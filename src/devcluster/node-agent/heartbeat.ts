import { Leases, Nodes, type Lease, type Node } from '../../api/builtin.ts';
import type { Manifest } from '../../api/kube-object.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../../kube/errors.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { microTime, sleep, type Clock } from '../../time/clock.ts';
import { nodeLabels, nodeManifest, nodeStatus, type NodeSpec } from './node-object.ts';
import { covers } from './pod-status.ts';

export interface HeartbeatOptions {
  readonly node: NodeSpec;
  readonly client: KubeClient;
  /** On a lane of its own: a heartbeat must not wait behind pods. */
  readonly leaseClient: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  /** Of the agent's HTTPS endpoint. */
  readonly port: number;
  readonly signal: AbortSignal;
  /** Between two heartbeats. Default 10 s. */
  readonly intervalMs?: number | undefined;
  /** False while the node is cut off: no heartbeat then. */
  readonly isReachable: () => boolean;
}

/** Keeps one Node registered and Ready. */
export interface Heartbeat {
  /** Beats at once, ahead of time. Throws what the API server says. */
  beat(): Promise<void>;
  /** Beats until the signal. Never throws: a failed beat is logged, and the next one tries again. */
  run(): Promise<void>;
}

/** kubelet: nodeLeaseDurationSeconds 40, renewed four times in it. */
const LEASE_SECONDS = 40;
const BEAT_MS = 10_000;
/** kubelet: nodeStatusReportFrequency. A status that does not differ is written no oftener. */
const STATUS_MS = 300_000;
const LEASE_NAMESPACE = 'kube-node-lease';
const CONFLICT_RETRIES = 5;

/** Creates the Node, or gives an existing one our labels. */
export async function registerNode(client: KubeClient, spec: NodeSpec): Promise<void> {
  try {
    await client.create(Nodes, nodeManifest(spec));
  } catch (error) {
    if (!isAlreadyExists(error)) {
      throw error;
    }
    await client.mergePatch(Nodes, { name: spec.name }, { metadata: { labels: nodeLabels(spec) } });
  }
}

export function createHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { node, client, leaseClient, clock, log, signal, isReachable, intervalMs = BEAT_MS } = options;
  const key = { name: node.name };
  let lastStatusAt = -Infinity;

  async function renewLease(): Promise<void> {
    const renewTime = microTime(clock.now());
    const leaseKey = { namespace: LEASE_NAMESPACE, name: node.name };
    try {
      await leaseClient.mergePatch(Leases, leaseKey, { spec: { renewTime } });
    } catch (error) {
      if (!isNotFound(error)) {
        throw error;
      }
      await leaseClient.create(Leases, await newLease(renewTime));
    }
  }

  async function newLease(renewTime: string): Promise<Manifest<Lease>> {
    const { metadata } = await client.get(Nodes, key);
    const owner = { apiVersion: 'v1', kind: 'Node', name: node.name, uid: metadata.uid };
    return {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: node.name, namespace: LEASE_NAMESPACE, ownerReferences: [owner] },
      spec: { holderIdentity: node.name, leaseDurationSeconds: LEASE_SECONDS, renewTime },
    };
  }

  /** As kubelet: looks every time, writes when something differs or it is time. */
  async function reportStatus(): Promise<void> {
    for (let tries = 0; ; tries++) {
      const current = await client.get(Nodes, key);
      const status = desiredStatus(current);
      if (clock.monotonic() - lastStatusAt < STATUS_MS && covers(current.status, withoutTimes(status))) {
        return;
      }
      try {
        await client.patchStatus(Nodes, current, status);
        lastStatusAt = clock.monotonic();
        return;
      } catch (error) {
        if (!isConflict(error) || tries === CONFLICT_RETRIES) {
          throw error;
        }
      }
    }
  }

  function desiredStatus({ status }: Node): NonNullable<Node['status']> {
    return nodeStatus(node, { port: options.port, now: clock.now(), previous: status?.conditions ?? [] });
  }

  async function beat(): Promise<void> {
    await Promise.all([renewLease(), reportStatus()]);
  }

  function report(error: unknown): void {
    if (!signal.aborted) {
      log.warn('a heartbeat failed', { node: node.name, error });
    }
  }

  return {
    beat,
    async run() {
      for (;;) {
        await sleep(clock, intervalMs, signal);
        if (signal.aborted) {
          return;
        }
        if (isReachable()) {
          await beat().catch(report);
        }
      }
    },
  };
}

/** Heartbeat times differ always; they are no reason to write. */
function withoutTimes(status: NonNullable<Node['status']>): object {
  const conditions = status.conditions?.map(({ type, status: value, reason }) => ({
    type,
    status: value,
    reason,
  }));
  return { ...status, conditions };
}
