import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createWorkQueue } from '../../src/controller/work-queue.ts';
import { manualClock, settle } from '../support/manual-clock.ts';

type Operation =
  | { kind: 'add'; key: string; priority: number }
  | { kind: 'addAfter'; key: string; priority: number; ms: number }
  | { kind: 'retry'; key: string; priority: number; notBeforeMs: number }
  | { kind: 'forget'; key: string }
  | { kind: 'get' }
  | { kind: 'done'; nth: number }
  | { kind: 'advance'; ms: number };

const key = fc.constantFrom('a', 'b', 'c', 'd');
const priority = fc.constantFrom(-100, 0, 10);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), key, priority }),
  fc.record({ kind: fc.constant('addAfter' as const), key, priority, ms: fc.nat(50) }),
  fc.record({
    kind: fc.constant('retry' as const),
    key,
    priority,
    notBeforeMs: fc.constantFrom(0, 0, 7, 40),
  }),
  fc.record({ kind: fc.constant('forget' as const), key }),
  fc.record({ kind: fc.constant('get' as const) }),
  fc.record({ kind: fc.constant('get' as const) }),
  fc.record({ kind: fc.constant('done' as const), nth: fc.nat(3) }),
  fc.record({ kind: fc.constant('advance' as const), ms: fc.nat(30) }),
);

/** What must be true of the queue, written down without heaps, timers or states. */
function specification() {
  const pending = new Map<string, { dueAt: number; priority: number }>();
  const holds = new Map<string, number>();
  const failures = new Map<string, number>();
  const processing = new Set<string>();

  function want(wanted: string, dueAt: number, wantedPriority: number): void {
    const known = pending.get(wanted);
    pending.set(wanted, {
      dueAt: Math.min(known?.dueAt ?? Infinity, dueAt),
      priority: Math.max(known?.priority ?? -Infinity, wantedPriority),
    });
  }

  return {
    pending,
    processing,
    want,
    retry(failed: string, now: number, wantedPriority: number, notBeforeMs: number): void {
      const times = (failures.get(failed) ?? 0) + 1;
      failures.set(failed, times);
      holds.set(failed, Math.max(holds.get(failed) ?? 0, notBeforeMs > 0 ? now + notBeforeMs : 0));
      want(failed, now + Math.max(5 * 2 ** (times - 1), notBeforeMs), wantedPriority);
    },
    forget: (well: string): boolean => failures.delete(well),
    eligible: (now: number): string[] =>
      [...pending]
        .filter(([name, { dueAt }]) => Math.max(dueAt, holds.get(name) ?? 0) <= now && !processing.has(name))
        .map(([name]) => name),
  };
}

async function check(operations: readonly Operation[]): Promise<void> {
  const clock = manualClock();
  const queue = createWorkQueue({ name: 'model', clock });
  const model = specification();
  let getters = 0;
  let outOfTurn: string | undefined;

  function receive(got: string): void {
    getters--;
    assert.ok(!model.processing.has(got), `${got} in the hands of two workers`);
    assert.ok(model.eligible(clock.monotonic()).includes(got), `${got} handed out before it was due`);
    model.pending.delete(got);
    model.processing.add(got);
  }

  function get(): void {
    const candidates = model.eligible(clock.monotonic());
    const highest = Math.max(...candidates.map((name) => model.pending.get(name)?.priority ?? 0));
    getters++;
    void queue.get().then((item) => {
      assert.ok(item !== undefined);
      if (candidates.length > 0 && item.priority !== highest) {
        outOfTurn = item.key;
      }
      receive(item.key);
    });
  }

  async function perform(next: Operation): Promise<void> {
    const now = clock.monotonic();
    switch (next.kind) {
      case 'add':
        model.want(next.key, now, next.priority);
        queue.add(next.key, next.priority);
        break;
      case 'addAfter':
        model.want(next.key, now + next.ms, next.priority);
        queue.addAfter(next.key, next.ms, next.priority);
        break;
      case 'retry':
        model.retry(next.key, now, next.priority, next.notBeforeMs);
        queue.retry(next.key, next);
        break;
      case 'forget':
        model.forget(next.key);
        queue.forget(next.key);
        break;
      case 'get':
        if (getters < 3) {
          get();
        }
        break;
      case 'done': {
        const held = [...model.processing][next.nth];
        if (held !== undefined) {
          model.processing.delete(held);
          queue.done(held);
        }
        break;
      }
      case 'advance':
        await clock.advance(next.ms);
        break;
    }
    await settle();
  }

  function verify(): void {
    assert.equal(queue.size, model.pending.size, 'one entry per wanted key, none lost');
    assert.ok(
      getters === 0 || model.eligible(clock.monotonic()).length === 0,
      'a worker waits while a key is ready',
    );
    assert.equal(outOfTurn, undefined, 'handed out below its turn');
    assert.ok(clock.pending() <= 1, 'more than one timer');
  }

  for (const next of operations) {
    await perform(next);
    verify();
  }
  for (let round = 0; round < 20 && model.pending.size + model.processing.size > 0; round++) {
    for (const held of [...model.processing]) {
      await perform({ kind: 'done', nth: [...model.processing].indexOf(held) });
    }
    await perform({ kind: 'advance', ms: 10_000_000 });
    await perform({ kind: 'get' });
    verify();
  }
  assert.equal(model.pending.size + model.processing.size, 0, 'every wanted key comes out in the end');
  assert.equal(clock.pending(), 0, 'no timer is left');
}

describe('work queue against its specification', () => {
  it('holds for any sequence of adds, delays, retries, gets and dones', async function () {
    this.timeout(60_000);
    await fc.assert(fc.asyncProperty(fc.array(operation, { maxLength: 60, size: 'max' }), check), {
      numRuns: 300,
    });
  });
});
