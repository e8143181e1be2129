import assert from 'node:assert/strict';
import fc from 'fast-check';
import { eventKey } from '../../../src/chain/events/chain-event.ts';
import type { ChainEvent } from '../../../src/chain/events/chain-event.ts';
import { MAX_WALK_BACK, scanFrom, tip } from '../../../src/chain/events/checkpoint.ts';
import type { ScanState } from '../../../src/chain/events/checkpoint.ts';
import { FinalBlockLostError, scanStep } from '../../../src/chain/events/scan.ts';
import type { BlockName } from '../../../src/chain/rpc/chain-reader.ts';
import { RpcError } from '../../../src/chain/rpc/rpc-error.ts';
import { chainModel } from '../support/chain-model.ts';
import type { ChainModel } from '../support/chain-model.ts';

/** Who scans and accounts: what is stored is stored together. */
interface Accountant {
  readonly accounted: ChainEvent[];
  state: ScanState;
  /** One step; with `crash` nothing of it is stored. */
  step(crash?: boolean): Promise<boolean>;
  /** Steps until there is nothing more to scan. */
  settle(): Promise<void>;
}

async function accountantOf(chain: ChainModel): Promise<Accountant> {
  const genesis = (await chain.source.blockAt(0))!;
  const accountant: Accountant = {
    accounted: [],
    state: scanFrom(genesis),
    async step(crash = false) {
      try {
        const { state, events, more } = await scanStep(chain.source, accountant.state);
        if (crash) {
          return true;
        }
        // It is stored as JSON.
        accountant.state = JSON.parse(JSON.stringify(state)) as ScanState;
        accountant.accounted.push(...events);
        return more;
      } catch (error) {
        assert.ok(error instanceof RpcError, String(error));
        return true;
      }
    },
    async settle() {
      for (let steps = 0; await accountant.step(); steps++) {
        assert.ok(steps < 2000, 'it does not come to an end');
      }
    },
  };
  return accountant;
}

describe('event scan', () => {
  let chain: ChainModel;
  let accountant: Accountant;

  beforeEach(async () => {
    chain = chainModel();
    accountant = await accountantOf(chain);
  });

  function mine(count: number, events = 1): void {
    for (let block = 0; block < count; block++) {
      chain.mine(events);
    }
  }

  it('accounts what is final, in order, once', async () => {
    mine(10, 2);
    chain.finalise(3);
    await accountant.settle();
    await accountant.settle();
    assert.deepEqual(accountant.accounted, chain.finalEvents());
    assert.equal(accountant.accounted.length, 14);
    assert.equal(accountant.state.pending.length, 6);
    assert.equal(tip(accountant.state)?.number, 10);
    chain.finalise(0);
    await accountant.settle();
    assert.deepEqual(accountant.accounted, chain.finalEvents());
    assert.deepEqual(accountant.state.pending, []);
  });

  it('leaves the latest blocks for later, if it is told to', async () => {
    mine(10);
    const { state } = await scanStep(chain.source, accountant.state, 4);
    assert.equal(tip(state)?.number, 6);
  });

  it('walks back over a reorg of the same height, and forgets what was undone', async () => {
    for (let block = 0; block < 10; block++) {
      mine(1);
      await accountant.settle();
    }
    chain.reorg(5, [0, 3, 0, 0, 0]);
    const { undone, state } = await scanStep(chain.source, accountant.state);
    assert.equal(undone, 5);
    assert.equal(state.pending.length, 5);
    await accountant.settle();
    chain.finalise(0);
    await accountant.settle();
    assert.deepEqual(accountant.accounted, chain.finalEvents());
  });

  it('goes back to the last range where it has scanned in large ones, and counts nothing again', async () => {
    mine(40);
    chain.finalise(30);
    await accountant.settle();
    assert.deepEqual(
      accountant.state.trail.map(({ number }) => number),
      [10, 40],
    );
    chain.finalise(20);
    await accountant.settle();
    assert.equal(accountant.accounted.length, 20);
    chain.reorg(2, [1, 1, 1]);
    const { undone } = await scanStep(chain.source, accountant.state);
    assert.equal(undone, 30);
    await accountant.settle();
    chain.finalise(0);
    await accountant.settle();
    assert.deepEqual(accountant.accounted, chain.finalEvents());
  });

  it('waits for a node that is behind, and takes nothing back', async () => {
    mine(10);
    await accountant.settle();
    const before = accountant.state;
    chain.lag(4);
    assert.deepEqual(await scanStep(chain.source, before), {
      state: before,
      events: [],
      undone: 0,
      more: false,
    });
  });

  it('takes nothing back because of a node that knows its head and nothing else', async () => {
    mine(10);
    chain.finalise(0);
    await accountant.settle();
    const before = accountant.state;
    const forgetful = {
      ...chain.source,
      blockAt: async (name: BlockName) => (name === 'latest' ? chain.source.blockAt(name) : undefined),
    };
    assert.deepEqual(await scanStep(forgetful, before), {
      state: before,
      events: [],
      undone: 0,
      more: false,
    });
  });

  it('walks back on a chain that has become shorter', async () => {
    for (let block = 0; block < 10; block++) {
      mine(1);
      await accountant.settle();
    }
    chain.reorg(5, [2]);
    await accountant.settle();
    chain.finalise(0);
    await accountant.settle();
    assert.deepEqual(accountant.accounted, chain.finalEvents());
  });

  it('halves the range when it is too much, and takes a hint', async () => {
    mine(100);
    chain.finalise(0);
    chain.limit(7, false);
    await accountant.settle();
    assert.deepEqual(accountant.accounted, chain.finalEvents());
    chain.limit(3, true);
    mine(100);
    chain.finalise(0);
    await accountant.step();
    assert.equal(accountant.state.range.blocks, 3);
    await accountant.settle();
    assert.deepEqual(accountant.accounted, chain.finalEvents());
  });

  it('gives up when one block is too much', async () => {
    mine(1);
    chain.limit(0, false);
    await assert.rejects(scanStep(chain.source, accountant.state), RpcError);
  });

  it('does not believe what it reads while the chain changes', async () => {
    mine(10);
    for (let question = 0; question < 8; question++) {
      chain.after(question, () => chain.reorg(3, [question, 2, 1]));
      await accountant.step();
    }
    await accountant.settle();
    chain.finalise(0);
    await accountant.settle();
    assert.deepEqual(accountant.accounted, chain.finalEvents());
  });

  it('keeps a trail of bounded length', async () => {
    for (let block = 0; block < 3 * MAX_WALK_BACK; block++) {
      mine(1, 0);
      await accountant.step();
    }
    assert.ok(accountant.state.trail.length <= MAX_WALK_BACK + 1, String(accountant.state.trail.length));
    chain.finalise(2);
    await accountant.settle();
    assert.equal(accountant.state.trail.length, 3);
  });

  it('says so when what was final is gone', async () => {
    mine(5);
    chain.finalise(0);
    await accountant.settle();
    const another = chainModel();
    Array.from({ length: 9 }).forEach(() => another.mine(7));
    another.reorg(9, Array<number>(9).fill(1));
    await assert.rejects(scanStep(another.source, accountant.state), FinalBlockLostError);
  });
});

/** What may happen between, and during, the steps of a scan. */
type Happening =
  | { kind: 'mine'; events: number[] }
  | { kind: 'reorg'; depth: number; instead: number[]; question: number }
  | { kind: 'finalise'; behind: number; question: number }
  | { kind: 'lag'; blocks: number }
  | { kind: 'limit'; blocks: number; hint: boolean }
  | { kind: 'fail'; question: number }
  | { kind: 'step'; crash: boolean };

const events = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 6 });
const question = fc.integer({ min: 0, max: 9 });
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ kind: fc.constant('mine' as const), events }),
  fc.record({
    kind: fc.constant('reorg' as const),
    depth: fc.integer({ min: 1, max: 8 }),
    instead: events,
    question,
  }),
  fc.record({ kind: fc.constant('finalise' as const), behind: fc.integer({ min: 0, max: 8 }), question }),
  fc.record({ kind: fc.constant('lag' as const), blocks: fc.integer({ min: 0, max: 4 }) }),
  fc.record({
    kind: fc.constant('limit' as const),
    blocks: fc.integer({ min: 1, max: 9 }),
    hint: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('fail' as const), question }),
  fc.record({ kind: fc.constant('step' as const), crash: fc.boolean() }),
  fc.record({ kind: fc.constant('step' as const), crash: fc.constant(false) }),
);

describe('a scan of any chain', () => {
  it('accounts every final event exactly once, in order, whatever happens in whatever moment', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 60 }), async (happenings) => {
        const chain = chainModel();
        const accountant = await accountantOf(chain);
        for (const each of happenings) {
          await happen(each, chain, accountant);
          const keys = accountant.accounted.map(eventKey);
          assert.equal(new Set(keys).size, keys.length, 'an event was accounted twice');
          assert.deepEqual(accountant.accounted, chain.finalEvents().slice(0, keys.length));
        }
        chain.lag(0);
        chain.limit(5, true);
        // A chain that has become shorter grows again.
        Array.from({ length: 60 }).forEach(() => chain.mine(1));
        // Whatever was to happen in the middle of a step happens at last.
        for (let step = 0; step < 12; step++) {
          await accountant.step();
        }
        Array.from({ length: 60 }).forEach(() => chain.mine(1));
        await accountant.settle();
        chain.finalise(0);
        await accountant.settle();
        assert.deepEqual(accountant.accounted, chain.finalEvents());
      }),
      { numRuns: 150 },
    );
  });
});

async function happen(each: Happening, chain: ChainModel, accountant: Accountant): Promise<void> {
  switch (each.kind) {
    case 'mine':
      each.events.forEach((count) => chain.mine(count));
      break;
    case 'reorg':
      chain.after(each.question, () => chain.reorg(each.depth, each.instead));
      break;
    case 'finalise':
      chain.after(each.question, () => chain.finalise(each.behind));
      break;
    case 'lag':
      chain.lag(each.blocks);
      break;
    case 'limit':
      chain.limit(each.blocks, each.hint);
      break;
    case 'fail':
      chain.after(each.question, () => chain.failNext());
      break;
    case 'step':
      await accountant.step(each.crash);
      break;
  }
}
