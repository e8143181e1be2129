import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createExpectations, type Expectations } from '../../src/controller/expectations.ts';
import { manualClock } from '../support/manual-clock.ts';

describe('expectations', () => {
  const cases: { title: string; steps: (expectations: Expectations) => void; satisfied: boolean }[] = [
    { title: 'nothing expected', steps: () => undefined, satisfied: true },
    { title: 'a create not seen', steps: (it) => it.expectSeen('pool', 'u1'), satisfied: false },
    {
      title: 'a create seen',
      steps(it) {
        it.expectSeen('pool', 'u1');
        it.observe('u1', false);
      },
      satisfied: true,
    },
    {
      title: 'a create seen before its answer came',
      steps(it) {
        it.observe('u1', false);
        it.expectSeen('pool', 'u1');
      },
      satisfied: true,
    },
    {
      title: 'a create of which only the end was seen',
      steps(it) {
        it.expectSeen('pool', 'u1');
        it.observe('u1', true);
      },
      satisfied: true,
    },
    {
      title: 'one of two creates seen',
      steps(it) {
        it.expectSeen('pool', 'u1');
        it.expectSeen('pool', 'u2');
        it.observe('u2', false);
      },
      satisfied: false,
    },
    {
      title: 'another object of the same name seen',
      steps(it) {
        it.expectSeen('pool', 'u1');
        it.observe('u9', false);
      },
      satisfied: false,
    },
    {
      title: 'a deleted object still seen alive',
      steps(it) {
        it.expectGone('pool', 'u1');
        it.observe('u1', false);
      },
      satisfied: false,
    },
    {
      title: 'a deleted object seen terminating',
      steps(it) {
        it.expectGone('pool', 'u1');
        it.observe('u1', true);
      },
      satisfied: true,
    },
    {
      title: 'a deleted object seen terminating before the answer came',
      steps(it) {
        it.observe('u1', true);
        it.observe('u1', false);
        it.expectGone('pool', 'u1');
      },
      satisfied: true,
    },
    {
      title: 'a deleted object seen alive before the answer came',
      steps(it) {
        it.observe('u1', false);
        it.expectGone('pool', 'u1');
      },
      satisfied: false,
    },
    {
      title: 'created and deleted at once, seen alive',
      steps(it) {
        it.expectSeen('pool', 'u1');
        it.expectGone('pool', 'u1');
        it.expectSeen('pool', 'u1');
        it.observe('u1', false);
      },
      satisfied: false,
    },
    {
      title: 'forgotten',
      steps(it) {
        it.expectSeen('pool', 'u1');
        it.expectGone('pool', 'u2');
        it.forget('pool');
      },
      satisfied: true,
    },
    {
      title: 'those of another key',
      steps(it) {
        it.expectSeen('other', 'u1');
        it.forget('pool');
      },
      satisfied: true,
    },
  ];
  for (const { title, steps, satisfied } of cases) {
    it(`${title}: ${satisfied ? 'satisfied' : 'not satisfied'}`, () => {
      const expectations = createExpectations(manualClock());
      steps(expectations);
      assert.equal(expectations.satisfied('pool'), satisfied);
    });
  }

  it('expire after five minutes, each for itself', async () => {
    const clock = manualClock();
    const expectations = createExpectations(clock);
    expectations.expectSeen('pool', 'u1');
    await clock.advance(60_000);
    expectations.expectSeen('pool', 'u2');
    assert.equal(expectations.expiresInMs('pool'), 300_000);
    await clock.advance(239_999);
    assert.equal(expectations.expiresInMs('pool'), 60_001);
    expectations.observe('u2', false);
    assert.equal(expectations.expiresInMs('pool'), 1);
    assert.equal(expectations.satisfied('pool'), false);
    await clock.advance(1);
    assert.equal(expectations.expiresInMs('pool'), 0);
    assert.equal(expectations.satisfied('pool'), true);
  });

  it('remember what was seen lately through a flood of others', () => {
    const expectations = createExpectations(manualClock());
    expectations.observe('mine', false);
    for (let other = 0; other < 10_000; other++) {
      expectations.observe(`other-${other}`, false);
    }
    expectations.expectSeen('pool', 'mine');
    assert.equal(expectations.satisfied('pool'), true);
  });

  it('do not remember everything for ever', () => {
    const expectations = createExpectations(manualClock());
    expectations.observe('mine', false);
    for (let other = 0; other < 20_000; other++) {
      expectations.observe(`other-${other}`, false);
    }
    expectations.expectSeen('pool', 'mine');
    assert.equal(expectations.satisfied('pool'), false);
  });

  it('are met whatever the order in which answers and watch events come', () => {
    const step = fc.record({
      kind: fc.constantFrom('expectSeen', 'expectGone', 'alive', 'terminating', 'forget', 'wait'),
      key: fc.constantFrom('k1', 'k2'),
      uid: fc.constantFrom('u1', 'u2', 'u3'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
        let now = 0;
        const expectations = createExpectations({ monotonic: () => now });
        /** Everything expected since the key was forgotten, and everything ever seen. */
        let expected: { key: string; uid: string; gone: boolean; at: number }[] = [];
        const seen = new Set<string>();
        const ended = new Set<string>();
        for (const { kind, key, uid } of steps) {
          switch (kind) {
            case 'expectSeen':
              expectations.expectSeen(key, uid);
              expected.push({ key, uid, gone: false, at: now });
              break;
            case 'expectGone':
              expectations.expectGone(key, uid);
              expected.push({ key, uid, gone: true, at: now });
              break;
            case 'alive':
            case 'terminating':
              expectations.observe(uid, kind === 'terminating');
              seen.add(uid);
              if (kind === 'terminating') {
                ended.add(uid);
              }
              break;
            case 'forget':
              expectations.forget(key);
              expected = expected.filter((one) => one.key !== key);
              break;
            case 'wait':
              now += 100_000;
              break;
          }
          for (const asked of ['k1', 'k2']) {
            const open = expected.filter(
              (one) => one.key === asked && !(one.gone ? ended : seen).has(one.uid),
            );
            const stale = open.every((one) => now - one.at >= 300_000);
            if (open.length === 0) {
              assert.equal(expectations.satisfied(asked), true, `${asked} waits for nothing`);
            } else if (!stale) {
              assert.equal(expectations.satisfied(asked), false, `${asked} does not wait`);
            }
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
