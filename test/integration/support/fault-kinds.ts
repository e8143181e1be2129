import type { FaultRule } from '../../../src/devcluster/fault-proxy/fault-plan.ts';
import {
  conflict,
  gone,
  internalError,
  starting,
  tooManyRequests,
  unavailable,
  type Fault,
} from '../../../src/devcluster/fault-proxy/fault.ts';
import type { RequestMatch } from '../../../src/devcluster/fault-proxy/fault-plan.ts';

const watches: RequestMatch = { verbs: ['watch'] };
const writes: RequestMatch = { verbs: ['create', 'update', 'patch', 'delete'] };
const plain: RequestMatch = { verbs: ['get', 'list', 'create', 'update', 'patch', 'delete'] };

/** Each kind of fault by itself, as bad as it gets. */
export const faultKinds: Readonly<Record<string, readonly Omit<FaultRule, 'name'>[]>> = {
  'watches that end early': [{ match: watches, fault: { kind: 'drop', afterMs: 300, how: 'end' } }],
  'watches that end at once': [{ match: watches, fault: { kind: 'drop', afterMs: 0, how: 'end' } }],
  'watches that are reset': [{ match: watches, fault: { kind: 'drop', afterMs: 300, how: 'reset' } }],
  'half-open watches': [{ match: watches, fault: { kind: 'stall', afterMs: 200 } }],
  'lines that are cut': [
    { match: { ...watches, resumes: true }, fault: { kind: 'truncate', afterLines: 1 } },
  ],
  // Answered with a list each time: one for each watch.
  '410 as an answer': [{ match: { ...watches, resumes: true }, fault: gone, times: 5 }],
  '410 as an event': [{ match: watches, fault: { kind: 'expire', afterMs: 300 }, times: 5 }],
  '409 for writes': [{ match: writes, fault: conflict }],
  '409 for deletions': [{ match: { verbs: ['delete'] }, fault: conflict }],
  '429 with Retry-After': [{ fault: tooManyRequests(1), probability: 0.6 }],
  '500 for everything': [{ fault: internalError('before') }],
  '500 after the fact': [{ match: writes, fault: internalError('after'), probability: 0.7 }],
  '503 after the fact': [{ match: writes, fault: unavailable('after'), probability: 0.7 }],
  '503 as from a server that starts': [{ fault: starting }],
  'resets before the fact': [{ match: plain, fault: { kind: 'reset', when: 'before' }, probability: 0.7 }],
  'resets after the fact': [{ match: plain, fault: { kind: 'reset', when: 'after' }, probability: 0.7 }],
  latency: [{ fault: { kind: 'latency', ms: 50, jitterMs: 300 } }],
  'a trickle': [{ fault: { kind: 'trickle', bytesPerSecond: 10_000 } }],
};

/** All kinds at once, none of them certain. */
export function mixedFaults(): FaultRule[] {
  const rule = (name: string, match: RequestMatch, fault: Fault, probability: number): FaultRule => ({
    name,
    match,
    fault,
    probability,
  });
  return [
    rule('drop', watches, { kind: 'drop', afterMs: 400, how: 'end' }, 0.1),
    rule('cut', watches, { kind: 'drop', afterMs: 700, how: 'reset' }, 0.1),
    rule('stall', watches, { kind: 'stall', afterMs: 500 }, 0.03),
    rule('truncate', watches, { kind: 'truncate', afterLines: 6 }, 0.1),
    { ...rule('gone', { ...watches, resumes: true }, gone, 0.1), times: 4 },
    { ...rule('expire', watches, { kind: 'expire', afterMs: 500 }, 0.1), times: 4 },
    rule('conflict', writes, conflict, 0.05),
    rule('busy', plain, tooManyRequests(1), 0.03),
    rule('error', plain, internalError('before'), 0.05),
    rule('lost answer', writes, unavailable('after'), 0.1),
    rule('reset', plain, { kind: 'reset', when: 'before' }, 0.05),
    rule('lost reset', writes, { kind: 'reset', when: 'after' }, 0.1),
    rule('late', {}, { kind: 'latency', ms: 5, jitterMs: 60 }, 0.2),
  ];
}
