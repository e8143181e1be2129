import type { GpuSample } from '../../compute/usage/gpu-sample.ts';
import { ReadingError } from '../../compute/usage/reading.ts';
import { ApiError } from '../../kube/errors.ts';
import { ReadMetricsError } from '../../telemetry/read-metrics.ts';

/** Why one source gave nothing. Every text that is read has limits, so each of them has an end. */
export type FailureKind =
  | 'Timeout'
  | 'TooLarge'
  | 'Status'
  | 'ConnectionFailed'
  | 'Malformed'
  | 'QueryFailed'
  | 'Aborted'
  /** The Secret with the token is not there, or not for this server. */
  | 'Refused';

/** All kinds, for metrics. */
export const failureKinds: readonly FailureKind[] = [
  'Timeout',
  'TooLarge',
  'Status',
  'ConnectionFailed',
  'Malformed',
  'QueryFailed',
  'Aborted',
  'Refused',
];

/** A source that gave nothing. */
export interface SourceFailure {
  /** Such as the pod `gpu-operator/nvidia-dcgm-exporter-x7x2p`. */
  readonly source: string;
  readonly kind: FailureKind;
  readonly message: string;
}

/** What a cluster's sources said at one moment. */
export interface UsageReading {
  /** How many were asked. */
  readonly asked: number;
  readonly failures: readonly SourceFailure[];
  readonly samples: readonly GpuSample[];
}

/** The sources cannot even be asked, such as for want of a token. */
export class SourceRefusedError extends Error {
  override readonly name = 'SourceRefusedError';
}

/** @throws whatever is none of the errors that reading may end with: a mistake of ours */
export function failureOf(source: string, error: unknown): SourceFailure {
  if (error instanceof ReadMetricsError || error instanceof ReadingError) {
    return { source, kind: error.kind, message: error.message };
  }
  if (error instanceof SourceRefusedError) {
    return { source, kind: 'Refused', message: error.message };
  }
  if (error instanceof ApiError) {
    return { source, kind: kindOf(error), message: error.message };
  }
  throw error;
}

function kindOf({ code, reason }: ApiError): FailureKind {
  if (code > 0) {
    return 'Status';
  }
  const known = failureKinds.find((kind) => kind === reason);
  return known ?? 'ConnectionFailed';
}
