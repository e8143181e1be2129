import type { NodeFailure } from './failures.ts';
import type { PodError } from './pod-errors.ts';
import { xidSeverity } from './xid-codes.ts';

/** The last XID error of a GPU, as DCGM shows it until the driver is loaded anew: that another of the same code has come is not to be seen. */
export interface XidError {
  readonly node: string;
  /** UUID of the GPU. */
  readonly gpu: string;
  readonly code: number;
  /** When it was first seen, in milliseconds since 1970; undefined when it was there before anybody looked, and may be of last year. */
  readonly since: number | undefined;
  /** When the GPU was last seen without it; undefined when it never was. */
  readonly lastWithout: number | undefined;
}

/** dcgm-exporter collects every 30 s by default: a pod may be dead for so long before its error is shown. Twice that, in milliseconds. */
const COLLECTED_MS = 60_000;

/**
 * What XID errors, and the pods that failed with them, say against nodes.
 *
 * A pod has failed with an error when a GPU of its node shows one that has come since the pod has its GPUs, or one that is fatal: of that
 * nobody sees how often it comes. Each pod counts once. An error that is new counts by itself, too: a fatal one is enough, another one
 * and the first pod that failed with it are one failure.
 */
export function xidFailures(errors: readonly XidError[], pods: readonly PodError[]): readonly NodeFailure[] {
  const blamed = errors.filter(({ code }) => xidSeverity(code) !== 'application');
  const counted = new Set(blamed.map((error) => firstOf(error, pods)));
  return [
    ...blamed.flatMap((error) => byItself(error) ?? []),
    ...pods
      .filter((pod) => !counted.has(pod))
      .flatMap((pod) => {
        const error = blamed.find((each) => hasFailedWith(pod, each));
        return error === undefined ? [] : [ofPod(pod, error)];
      }),
  ];
}

function byItself({ node, gpu, code, since }: XidError): NodeFailure | undefined {
  return since === undefined
    ? undefined
    : {
        node,
        id: `xid-${code}/${since}/${gpu}`.slice(0, 128),
        at: since,
        what: `XID ${code}`,
        counts: xidSeverity(code) === 'fatal' ? 'enough' : 'once',
      };
}

function ofPod({ node, uid, at }: PodError, { code }: XidError): NodeFailure {
  return { node, id: uid, at, what: `pod with XID ${code}`, counts: 'once' };
}

/** The pod that is the same failure as the error: whoever fails later, or again, has met another. */
function firstOf(error: XidError, pods: readonly PodError[]): PodError | undefined {
  return pods
    .filter((pod) => isNewFor(pod, error) && hasFailedWith(pod, error))
    .filter(({ at }) => at <= (error.since ?? -Infinity) + COLLECTED_MS)
    .reduce<PodError | undefined>(
      (first, pod) => (first === undefined || pod.at < first.at ? pod : first),
      undefined,
    );
}

function hasFailedWith(pod: PodError, error: XidError): boolean {
  const { node, code, lastWithout = -Infinity } = error;
  return (
    pod.node === node &&
    pod.at >= lastWithout - COLLECTED_MS &&
    (xidSeverity(code) === 'fatal' || isNewFor(pod, error))
  );
}

function isNewFor({ from }: PodError, { since }: XidError): boolean {
  return since !== undefined && since > from;
}
