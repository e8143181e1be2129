import type { Lease, Node, Pod } from '../../../api/builtin.ts';
import type { KubeClient } from '../../../kube/client.ts';
import type { Informer } from '../../../kube/informer.ts';
import type { Logger } from '../../../telemetry/logger.ts';
import type { Clock } from '../../../time/clock.ts';
import type { EventWriter } from '../event-writer.ts';

/** What the controllers of nodes work with. */
export interface NodeParts {
  /** With the index {@link BY_NODE}. */
  readonly pods: Informer<Pod>;
  readonly nodes: Informer<Node>;
  readonly leases: Informer<Lease>;
  readonly client: KubeClient;
  readonly events: EventWriter;
  readonly clock: Clock;
  readonly log: Logger;
  /** After so many milliseconds without a heartbeat a node counts as lost. */
  readonly graceMs: number;
}

/** Works from when it is started, which is when the informers are synced. */
export interface NodeController {
  start(): void;
  stop(): Promise<void>;
}

/** Name of the index of pods by the node that they are bound to. */
export const BY_NODE = 'node';
