import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createFaultPlan, type FaultRule } from '../../../src/devcluster/fault-proxy/fault-plan.ts';
import { conflict, gone, internalError, type Fault } from '../../../src/devcluster/fault-proxy/fault.ts';
import { requestInfo } from '../../../src/devcluster/fault-proxy/request-info.ts';

const create = requestInfo('POST', '/api/v1/namespaces/lab/pods');
const list = requestInfo('GET', '/api/v1/pods');
const watch = requestInfo('GET', '/api/v1/pods?watch=true&sendInitialEvents=true');
const resume = requestInfo('GET', '/api/v1/pods?watch=true&resourceVersion=7');
const status = requestInfo('PATCH', '/apis/headframe.dev/v1alpha1/namespaces/lab/minerpools/p/status');
const ready = requestInfo('GET', '/readyz');
const requests = { create, list, watch, resume, status, ready };
type Name = keyof typeof requests;

const truncate: Fault = { kind: 'truncate', afterLines: 1 };

describe('a fault plan', () => {
  const matching: { rule: Omit<FaultRule, 'name'>; hits: Name[] }[] = [
    { rule: { fault: conflict }, hits: ['create', 'list', 'watch', 'resume', 'status', 'ready'] },
    { rule: { fault: conflict, match: { verbs: ['create', 'patch'] } }, hits: ['create', 'status'] },
    {
      rule: { fault: conflict, match: { resources: ['pods'] } },
      hits: ['create', 'list', 'watch', 'resume'],
    },
    { rule: { fault: conflict, match: { subresource: 'status' } }, hits: ['status'] },
    { rule: { fault: conflict, match: { subresource: '', verbs: ['patch'] } }, hits: [] },
    { rule: { fault: gone, match: { resumes: true } }, hits: ['resume'] },
    { rule: { fault: gone, match: { verbs: ['watch'], resumes: false } }, hits: ['watch'] },
    { rule: { fault: truncate }, hits: ['watch', 'resume'] },
    { rule: { fault: { kind: 'expire', afterMs: 0 } }, hits: ['watch', 'resume'] },
    { rule: { fault: { kind: 'stall', afterMs: 0 } }, hits: ['watch', 'resume'] },
    { rule: { fault: conflict, probability: 0 }, hits: [] },
    { rule: { fault: conflict, times: 0 }, hits: [] },
    { rule: { fault: conflict, forMs: 0 }, hits: [] },
  ];
  for (const { rule, hits } of matching) {
    it(`${JSON.stringify(rule)} is about ${hits.join(', ') || 'nothing'}`, () => {
      const plan = (): ReturnType<typeof createFaultPlan> => createFaultPlan([{ name: 'r', ...rule }], 1);
      const hit = Object.entries(requests).filter(([, request]) => plan().decide(request, 0) !== undefined);
      assert.deepEqual(
        hit.map(([name]) => name),
        hits,
      );
    });
  }

  function decisions(rules: readonly FaultRule[], count: number, stepMs = 0): (string | undefined)[] {
    const plan = createFaultPlan(rules, 42);
    return Array.from({ length: count }, (_, index) => plan.decide(create, index * stepMs)?.rule);
  }

  it('lets the first ones pass, and applies so often', () => {
    const rules = [{ name: 'third', fault: conflict, skip: 2, times: 1 }];
    assert.deepEqual(decisions(rules, 5), [undefined, undefined, 'third', undefined, undefined]);
  });

  it('applies for so long', () => {
    assert.deepEqual(decisions([{ name: 'brief', fault: conflict, forMs: 20 }], 4, 10), [
      'brief',
      'brief',
      undefined,
      undefined,
    ]);
  });

  it('takes the first rule that applies', () => {
    const rules = [
      { name: 'once', fault: conflict, times: 1 },
      { name: 'else', fault: internalError('after') },
    ];
    assert.deepEqual(decisions(rules, 3), ['once', 'else', 'else']);
  });

  it('applies about as often as its probability says', () => {
    const applied = decisions([{ name: 'some', fault: conflict, probability: 0.3 }], 10_000).filter(Boolean);
    assert.ok(applied.length > 2700 && applied.length < 3300, String(applied.length));
  });

  it('decides the same for the same seed, rules and requests', () => {
    const rules: FaultRule[] = [
      { name: 'a', fault: conflict, probability: 0.4 },
      { name: 'b', fault: gone, match: { resumes: true }, probability: 0.5 },
      { name: 'c', fault: { kind: 'latency', ms: 1, jitterMs: 9 }, probability: 0.5 },
    ];
    const names = fc.array(fc.constantFrom(...(Object.keys(requests) as Name[])), { maxLength: 60 });
    fc.assert(
      fc.property(names, fc.integer(), (sequence, seed) => {
        const [one, two] = [createFaultPlan(rules, seed), createFaultPlan(rules, seed)];
        for (const name of sequence) {
          assert.deepEqual(one.decide(requests[name], 0), two.decide(requests[name], 0));
        }
      }),
    );
  });
});
