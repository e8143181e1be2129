import { Pods, type Pod, type PodStatus } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isConflict, isNotFound } from '../../kube/errors.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { backoffMs } from '../../time/backoff.ts';
import { sleep, type Clock } from '../../time/clock.ts';
import { covers } from './pod-status.ts';

export interface StatusWriterOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  /** False while the node is cut off: nothing is written then. */
  readonly isReachable: () => boolean;
  /** The status that should be there, given the newest pod. Pure apart from what the agent knows of the containers. */
  readonly compute: (pod: Immutable<Pod>) => PodStatus;
}

/** Keeps one pod's status on the server equal to what the agent knows: one request at a time, none when nothing differs. */
export interface StatusWriter {
  /** Something may differ. Changes within a moment become one write. */
  changed(): void;
  /** The server's newest word on the pod. */
  observed(pod: Immutable<Pod>): void;
  /** Resolves when all that differs has been written, or the pod or the writer is gone. */
  flush(): Promise<void>;
  stop(): void;
}

/** Long enough for a container that starts at once to be reported as running in the first write. */
const GATHER_MS = 30;
const retry = { initialMs: 200, factor: 2, maxMs: 10_000 } as const;

export function createStatusWriter(first: Immutable<Pod>, options: StatusWriterOptions): StatusWriter {
  const { client, clock, log, compute, isReachable } = options;
  const { uid } = first.metadata;
  const stopping = new AbortController();
  let pod: Immutable<Pod> | undefined = first;
  let dirty = false;
  let loop: Promise<void> | undefined;

  async function writeOnce(): Promise<void> {
    if (pod === undefined || !isReachable()) {
      return;
    }
    const status = compute(pod);
    if (!covers(pod.status, status)) {
      pod = await client.patchStatus(Pods, pod, cleared(status, pod.status));
    }
  }

  /** After a conflict: somebody else has changed the pod, or another one has its name now. */
  async function reread(): Promise<void> {
    const current = await client.get(Pods, first.metadata);
    pod = current.metadata.uid === uid ? current : undefined;
  }

  async function handle(error: unknown, failures: number): Promise<void> {
    dirty = true;
    if (isNotFound(error)) {
      pod = undefined;
    } else if (isConflict(error)) {
      await reread().catch((cause: unknown) => (isNotFound(cause) ? (pod = undefined) : undefined));
    } else {
      log.warn('pod status could not be written', { error });
    }
    await sleep(clock, backoffMs(retry, failures - 1), stopping.signal);
  }

  async function run(): Promise<void> {
    await sleep(clock, GATHER_MS, stopping.signal);
    let failures = 0;
    while (dirty && pod !== undefined && !stopping.signal.aborted) {
      dirty = false;
      try {
        await writeOnce();
        failures = 0;
      } catch (error) {
        await handle(error, ++failures);
      }
    }
    loop = undefined;
  }

  function changed(): void {
    dirty = true;
    loop ??= run();
  }

  return {
    changed,
    observed(newer) {
      // While a write is under way its answer is newer than what the watch brings.
      if (loop === undefined && pod !== undefined) {
        pod = newer;
        if (isReachable() && !covers(newer.status, compute(newer))) {
          changed();
        }
      }
    },
    async flush() {
      changed();
      while (loop !== undefined) {
        await loop;
      }
    },
    stop: () => stopping.abort(),
  };
}

/** The patch: our fields, and null for those of a container's state that no longer hold (lists are replaced whole). */
function cleared(status: PodStatus, before: Immutable<PodStatus> | undefined): object {
  return before?.initContainerStatuses !== undefined && status.initContainerStatuses === undefined
    ? { ...status, initContainerStatuses: null }
    : status;
}
