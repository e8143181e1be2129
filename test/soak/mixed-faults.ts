import type { FaultRule } from '../../src/devcluster/fault-proxy/fault-plan.ts';
import {
  conflict,
  gone,
  internalError,
  tooManyRequests,
  unavailable,
} from '../../src/devcluster/fault-proxy/fault.ts';

const watches = { verbs: ['watch'] } as const;
const writes = { verbs: ['create', 'update', 'patch', 'delete'] } as const;

/** Everything that can go wrong, now and then: of three requests or watches about one has trouble. */
export const mixedFaults: readonly FaultRule[] = [
  { name: 'watch refused', match: watches, fault: gone, probability: 0.05 },
  {
    name: 'watch ends',
    match: watches,
    fault: { kind: 'drop', afterMs: 2000, how: 'end' },
    probability: 0.2,
  },
  {
    name: 'watch reset',
    match: watches,
    fault: { kind: 'drop', afterMs: 1000, how: 'reset' },
    probability: 0.2,
  },
  { name: 'watch half-open', match: watches, fault: { kind: 'stall', afterMs: 1500 }, probability: 0.1 },
  { name: 'line cut', match: watches, fault: { kind: 'truncate', afterLines: 5 }, probability: 0.2 },
  { name: 'watch expires', match: watches, fault: { kind: 'expire', afterMs: 1500 }, probability: 0.2 },
  { name: 'conflict', match: writes, fault: conflict, probability: 0.04 },
  { name: 'too many requests', match: writes, fault: tooManyRequests(1), probability: 0.02 },
  { name: 'error before', match: writes, fault: internalError('before'), probability: 0.04 },
  { name: 'error after', match: writes, fault: internalError('after'), probability: 0.04 },
  { name: 'unavailable', match: writes, fault: unavailable('before'), probability: 0.03 },
  { name: 'reset before', match: writes, fault: { kind: 'reset', when: 'before' }, probability: 0.04 },
  { name: 'reset after', match: writes, fault: { kind: 'reset', when: 'after' }, probability: 0.04 },
  { name: 'latency', match: writes, fault: { kind: 'latency', ms: 20, jitterMs: 200 }, probability: 0.1 },
];
