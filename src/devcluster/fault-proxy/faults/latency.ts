import type { Fault } from '../fault.ts';

/** @param chance in [0, 1) */
export function latencyMs({ ms, jitterMs }: Extract<Fault, { kind: 'latency' }>, chance: number): number {
  return ms + jitterMs * chance;
}
