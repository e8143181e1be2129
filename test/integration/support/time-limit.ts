import { clusterKind } from '../../support/test-cluster.ts';

/**
 * A limit of time that the operator promises, in milliseconds. It is held on the real API server, where the files of the suite run one by
 * one. On the embedded one other files share the processors: there five times as long counts as in time.
 */
export function timeLimit(ms: number): number {
  return clusterKind === 'real' ? ms : 5 * ms;
}
