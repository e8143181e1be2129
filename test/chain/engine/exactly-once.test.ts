import assert from 'node:assert/strict';
import fc from 'fast-check';
import { wei } from '../../../src/chain/amounts/amount.ts';
import { holdsIntent } from '../../../src/chain/engine/entry.ts';
import { type WantedIntent, intentId } from '../../../src/chain/engine/intent.ts';
import { ledgerOf } from '../../../src/chain/engine/spending.ts';
import { reservedWei, spentWithin } from '../../../src/chain/spending/spend-ledger.ts';
import type { ChainTransaction } from '../../../src/api/chain-transaction.ts';
import { encode } from './model/chain.ts';
import {
  ADDRESS,
  CHAIN_ID,
  CONTRACT,
  type ModelOptions,
  type ModelWorld,
  modelWorld,
} from './model/world.ts';
import { searches, searchTimeout } from '../../support/searches.ts';

/*
 * The engine on a small chain where everything goes wrong that may: killed at any await, two at a time, blocks reorganised up to twelve
 * deep, mempools emptied, old transactions turning up again, gas dear, nonces counted wrongly, another program with the same key. Then
 * it is left alone for a while, and what came of it is counted.
 */

/** What happens, and how. */
type Happening = readonly [
  'step' | 'kill' | 'mine' | 'reorganise' | 'drop' | 'gossip' | 'fees' | 'lie' | 'stranger' | 'time',
  number,
];

const happening: fc.Arbitrary<Happening> = fc.tuple(
  fc.oneof(
    { weight: 30, arbitrary: fc.constant('step' as const) },
    { weight: 3, arbitrary: fc.constant('kill' as const) },
    { weight: 8, arbitrary: fc.constant('mine' as const) },
    { weight: 2, arbitrary: fc.constant('reorganise' as const) },
    { weight: 1, arbitrary: fc.constant('drop' as const) },
    { weight: 1, arbitrary: fc.constant('gossip' as const) },
    { weight: 1, arbitrary: fc.constant('fees' as const) },
    { weight: 1, arbitrary: fc.constant('lie' as const) },
    { weight: 1, arbitrary: fc.constant('time' as const) },
  ),
  fc.nat(1000),
);

function intentOf(index: number): WantedIntent {
  const id = intentId({
    chainId: CHAIN_ID,
    account: ADDRESS,
    contract: CONTRACT,
    kind: 'Count',
    key: String(index),
  });
  return { id, kind: 'Count', to: CONTRACT, data: id, valueWei: '0', urgency: 'Optional' };
}

/** What each happening does; `how` says which, how deep, how much. */
const happenings: Readonly<Record<Happening[0], (world: ModelWorld, how: number) => Promise<void> | void>> = {
  async step({ engines }, how) {
    for (let steps = 0; steps <= how % 6; steps++) {
      await engines[how % engines.length]!.step();
    }
  },
  kill: ({ engines }, how) => engines[how % engines.length]!.kill(),
  mine: ({ chain }) => chain.mine(),
  reorganise: ({ chain }, how) => chain.reorganise(1 + (how % 12), how % 2 === 0 ? 'lost' : 'returned'),
  drop: ({ chain }) => chain.dropAll(),
  gossip: ({ chain }, how) => chain.gossip(how),
  fees({ chain }, how) {
    chain.baseFee = [5n, 10n, 30n, 100n, 600n][how % 5]!;
  },
  lie(world, how) {
    world.lie = [0, 0, 0, 1, 2, 5, -1, -3][how % 8]!;
  },
  stranger: ({ chain }, how) => void chain.send(strangers(chain.nonce(), how)),
  time(world, how) {
    world.now += how * 60_000;
  },
};

function strangers(nonce: number, how: number): string {
  return encode({
    nonce: String(nonce),
    gasLimit: '0',
    maxFeePerGas: '900',
    maxPriorityFeePerGas: '900',
    stranger: String(how),
  }).raw;
}

/** Peace: nobody is killed, nodes tell the truth, gas is cheap. Long enough for everything to become final. */
async function settle(world: ModelWorld, intents: readonly WantedIntent[]): Promise<void> {
  world.lie = 0;
  world.chain.baseFee = 10n;
  for (const engine of world.engines) {
    await engine.kill();
  }
  for (let round = 0; round < 400 && !isSettled(world, intents); round++) {
    for (const engine of world.engines) {
      await engine.finish();
    }
    world.chain.mine();
    world.now += 60_000;
  }
}

function isSettled({ store }: ModelWorld, intents: readonly WantedIntent[]): boolean {
  const entries = [...store.objects.values()];
  return (
    entries.every(({ status }) => status?.outcome !== undefined) &&
    intents.every(({ id }) => entries.some((entry) => entry.spec.intent.id === id && holdsIntent(entry)))
  );
}

function times(world: ModelWorld, id: string): number {
  return world.chain.inBlocks().filter(({ effect, reverts }) => effect === id && !reverts).length;
}

function assertWhole(world: ModelWorld, intents: readonly WantedIntent[]): void {
  assert.deepEqual(world.errors, []);
  const entries = [...world.store.objects.values()];
  for (const { id } of intents) {
    assert.equal(times(world, id), 1, `intent ${id} must have its effect once`);
    const confirmed = entries.filter(
      ({ spec, status }) => spec.intent.id === id && status?.outcome === 'Confirmed',
    );
    assert.equal(confirmed.length, 1, `intent ${id} must be confirmed once`);
  }
  assertNothingOpen(world);
}

/** Nothing without an outcome, and no nonce left out below one that is reserved. */
function assertNothingOpen({ store, chain }: ModelWorld): void {
  const entries = [...store.objects.values()];
  assert.deepEqual(
    entries.filter(({ status }) => status?.outcome === undefined).map(({ metadata }) => metadata.name),
    [],
  );
  assert.ok(entries.every(({ spec }) => spec.nonce < chain.nonce()));
}

function entriesOf({ store }: ModelWorld, id: string): ChainTransaction[] {
  return [...store.objects.values()].filter(({ spec }) => spec.intent.id === id);
}

/** Of what is reserved and what final blocks have cost within a day, as the objects say; and of what the chain itself says. */
function assertWithinCap({ store, now }: ModelWorld, cap: bigint): void {
  const entries = [...store.objects.values()];
  const ledger = ledgerOf(entries, now);
  const used = spentWithin(ledger, now) + reservedWei(ledger);
  assert.ok(used <= cap, `${used} of ${cap} wei`);
  for (const { spec, status } of entries) {
    assert.ok(BigInt(status?.inclusion?.costWei ?? 0) <= BigInt(spec.maxCostWei));
    for (const { gasLimit, maxFeePerGasWei } of spec.attempts) {
      assert.ok(BigInt(gasLimit) * BigInt(maxFeePerGasWei) <= BigInt(spec.maxCostWei));
    }
  }
}

const runs = searches(8);
const seed = Number(process.env['HEADFRAME_MODEL_SEED'] ?? 20_261_128);

interface Life {
  readonly world: ModelWorld;
  readonly intents: readonly WantedIntent[];
}

interface Scene {
  readonly options?: Partial<ModelOptions>;
  readonly happenings?: fc.Arbitrary<Happening>;
  /** After each happening. */
  readonly always?: (life: Life) => void;
  /** When all has settled. */
  readonly finally: (life: Life) => void;
  readonly intent?: (index: number) => WantedIntent;
  /** It is looked for until it fails, and not for the shortest way to do so. */
  readonly isToFail?: true;
}

async function holdsAlways(scene: Scene): Promise<void> {
  const { intent = intentOf, always } = scene;
  const property = fc.asyncProperty(
    fc.integer({ min: 1, max: 6 }),
    fc.array(scene.happenings ?? happening, { minLength: 20, maxLength: 160 }),
    async (count, script) => {
      const intents = Array.from({ length: count }, (_, index) => intent(index));
      const world = modelWorld({ ...scene.options, intents });
      for (const each of script) {
        const [what, how] = each;
        await happenings[what](world, how);
        always?.({ world, intents });
      }
      await settle(world, intents);
      assert.deepEqual(world.errors, []);
      scene.finally({ world, intents });
    },
  );
  await fc.assert(
    property,
    scene.isToFail === true ? { numRuns: 100, seed, endOnFailure: true } : { numRuns: runs, seed },
  );
}

/** Also another program with the same key, now and then. */
const withStranger: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 40, arbitrary: happening },
  { weight: 1, arbitrary: fc.tuple(fc.constant('stranger' as const), fc.nat(1000)) },
);

describe('the transaction engine, on a chain where everything goes wrong', function () {
  this.timeout(searchTimeout(600_000));

  for (const [window, engines] of [
    [1, 1],
    [3, 1],
    [1, 2],
    [4, 2],
  ] as const) {
    it(`window ${window}, ${engines} at a time: every effect once, nothing left open`, () =>
      holdsAlways({
        options: { engines, policy: { window } },
        finally: ({ world, intents }) => assertWhole(world, intents),
      }));
  }

  it('places kept for duties, of which there are some: every effect once, nothing left open', () =>
    holdsAlways({
      options: { engines: 2, policy: { window: 8, keptForDuties: 6 } },
      intent: (index) => ({ ...intentOf(index), urgency: index % 2 === 0 ? 'Essential' : 'Optional' }),
      finally: ({ world, intents }) => assertWhole(world, intents),
    }));

  it('the same with another program that uses the key', () =>
    holdsAlways({
      options: { engines: 2, policy: { window: 3 } },
      happenings: withStranger,
      finally: ({ world, intents }) => assertWhole(world, intents),
    }));

  it('never reserves or spends more than the cap in any 24 hours, two at a time', () => {
    const cap = 80_000_000n;
    const policy = { window: 4, spend: { capWei: wei(cap), essentialReserveWei: wei(0n) } };
    return holdsAlways({
      options: { engines: 2, policy },
      always: ({ world }) => assertWithinCap(world, cap),
      finally: ({ world, intents }) => {
        assertWithinCap(world, cap);
        assertWhole(world, intents);
      },
    });
  });

  it('what reverts is not tried again, and does not stop what comes after it', () => {
    const reverting = new Set([0, 2, 4].map((index) => intentOf(index).id));
    return holdsAlways({
      options: { engines: 2, policy: { window: 2 }, reverting },
      finally({ world, intents }) {
        for (const { id } of intents) {
          const entries = entriesOf(world, id).map(({ status }) => status?.outcome);
          const wanted = reverting.has(id) ? 'Reverted' : 'Confirmed';
          assert.deepEqual(
            entries.filter((outcome) => outcome !== 'Displaced'),
            [wanted],
          );
        }
      },
    });
  });

  it('what comes too late happens at most once, and the record says truly whether', () =>
    holdsAlways({
      options: { engines: 2, policy: { window: 2 } },
      intent: (index) => ({
        ...intentOf(index),
        expiryTime: new Date(Date.UTC(2026, 0, 1, 2 + index)).toISOString(),
      }),
      finally({ world, intents }) {
        for (const { id } of intents) {
          const confirmed = entriesOf(world, id).filter(({ status }) => status?.outcome === 'Confirmed');
          assert.equal(times(world, id), confirmed.length);
          assert.ok(confirmed.length <= 1);
        }
        assertNothingOpen(world);
      },
    }));

  it('can fail: sent before it is written down, an effect happens twice', async () => {
    const off = holdsAlways({
      options: { engines: 2, writeAheadOff: true },
      isToFail: true,
      finally: ({ world, intents }) => assertWhole(world, intents),
    });
    await assert.rejects(off, ({ cause }: Error) =>
      String(cause).includes('must have its effect once\n\n2 !== 1'),
    );
  });
});
