import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatOrdinals, parseOrdinals } from '../../../src/api/ordinals.ts';
import type { MinerPool } from '../../../src/api/miner-pool.ts';
import type { PoolStakeStatus } from '../../../src/api/pool-stake.ts';
import type { StakeAccount } from '../../../src/api/stake-account.ts';
import { allotmentId, ceilingOf } from '../../../src/controllers/boards/allotment.ts';
import { parsePodName } from '../../../src/controllers/minerpool/replica.ts';
import { NOW, minerPool } from '../../support/pool-objects.ts';
import { type PoolWorld, poolWorld } from '../../support/pool-world.ts';
import { allotment, stake, stakeAccount } from '../../support/stake-objects.ts';
import { searches, searchTimeout } from '../../support/searches.ts';

/** Everything that the pool and the account may do, and how late each sees of it. */
type Happening =
  | { kind: 'allot'; replicas: number }
  | { kind: 'register' }
  | { kind: 'deregister' }
  | { kind: 'land' }
  | { kind: 'scale'; replicas: number }
  | { kind: 'poolLooks'; versions: number }
  | { kind: 'accountLooks'; versions: number }
  | { kind: 'reconcile' }
  | { kind: 'crash'; afterSteps: number }
  | { kind: 'settle' };

const MOST = 4;

const happenings: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('allot' as const), replicas: fc.nat(MOST) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('scale' as const), replicas: fc.nat(MOST) }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'register' as const }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'deregister' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'land' as const }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('poolLooks' as const), versions: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('accountLooks' as const), versions: fc.nat(3) }) },
  { weight: 4, arbitrary: fc.constant({ kind: 'reconcile' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const), afterSteps: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'settle' as const }) },
);

/** The account's side, reduced to what the pool has to do with; the pool's side is the real one. */
interface Pair {
  readonly world: PoolWorld;
  /** All versions of the account; the pool sees one of them, and never an earlier one again. */
  readonly accounts: StakeAccount[];
  poolSees: number;
  /** All answers of the pool; likewise. */
  readonly answers: (PoolStakeStatus | undefined)[];
  accountSees: number;
  /** Miners on chain. */
  readonly chain: Set<number>;
  /** Those whose deregistration is sent. */
  readonly leaving: Set<number>;
}

function pair(): Pair {
  const world = poolWorld(minerPool({ replicas: MOST, stake }), NOW);
  return {
    world,
    accounts: [stakeAccount([])],
    poolSees: 0,
    answers: [undefined],
    accountSees: 0,
    chain: new Set(),
    leaving: new Set(),
  };
}

/** The account writes its status: what is about to be deregistered is not said to be registered. */
function publish(of: Pair, allotted: number): void {
  const { accounts, chain, leaving } = of;
  const before = accounts.at(-1)?.status?.pools[0];
  const registered = [...chain].filter((ordinal) => !leaving.has(ordinal));
  const next = allotment({
    allotted,
    wanted: MOST,
    allotmentId: allotmentId(before, allotted, 'account-uid'),
    ceiling: ceilingOf(before, allotted, poolAsSeen(of)),
    registered: formatOrdinals(registered),
  });
  accounts.push(stakeAccount([next]));
}

/** The pool as the account sees it. */
function poolAsSeen({ world, answers, accountSees }: Pair): MinerPool {
  const stake = answers[accountSees];
  const { status, ...pool } = world.pool;
  return stake === undefined || status === undefined ? pool : { ...pool, status: { ...status, stake } };
}

function allotted({ accounts }: Pair): number {
  return accounts.at(-1)?.status?.pools[0]?.allotted ?? 0;
}

function reconcile(of: Pair, crashAfter?: number): void {
  const { world, accounts, poolSees, answers } = of;
  const account = accounts[poolSees];
  world.reconcile({
    observed: { ...world.observe(), account },
    ...(crashAfter === undefined ? {} : { crashAfter }),
  });
  answers.push(world.pool.status?.stake);
}

type Effects = {
  [Kind in Happening['kind']]: (of: Pair, happening: Extract<Happening, { kind: Kind }>) => void;
};

const effects: Effects = {
  allot: (of, { replicas }) => publish(of, replicas),
  scale: ({ world }, { replicas }) => {
    world.pool = { ...world.pool, spec: { ...world.pool.spec, replicas } };
  },
  register: (of) => {
    for (let ordinal = 0; ordinal < allotted(of); ordinal++) {
      if (!of.leaving.has(ordinal)) {
        of.chain.add(ordinal);
      }
    }
    publish(of, allotted(of));
  },
  deregister: (of) => {
    const written = of.accounts.at(-1)?.status?.pools[0];
    const seen = poolAsSeen(of);
    const occupied = parseOrdinals(seen.status?.stake?.occupied ?? '');
    const ceiling = ceilingOf(written, written?.allotted ?? 0, seen);
    for (const ordinal of of.chain) {
      if (written !== undefined && ordinal >= ceiling && !occupied.includes(ordinal)) {
        of.leaving.add(ordinal);
      }
    }
  },
  land: (of) => {
    of.leaving.forEach((ordinal) => of.chain.delete(ordinal));
    of.leaving.clear();
  },
  poolLooks: (of, { versions }) => {
    of.poolSees = Math.min(of.accounts.length - 1, of.poolSees + versions);
  },
  accountLooks: (of, { versions }) => {
    of.accountSees = Math.min(of.answers.length - 1, of.accountSees + versions);
  },
  reconcile: (of) => reconcile(of),
  crash: (of, { afterSteps }) => reconcile(of, afterSteps),
  settle: ({ world }) => world.settle(),
};

function happen(of: Pair, happening: Happening): void {
  const effect = effects[happening.kind] as (of: Pair, happening: Happening) => void;
  effect(of, happening);
}

/** No pod is there whose miner is gone, or going. */
function check({ world, chain, leaving }: Pair): void {
  for (const name of world.pods.keys()) {
    const ordinal = parsePodName(name)?.ordinal ?? -1;
    assert.ok(chain.has(ordinal) && !leaving.has(ordinal), `${name} runs without a miner`);
  }
}

/** Both see everything, and do what they can. */
function calmDown(of: Pair, replicas: number): void {
  effects.allot(of, { kind: 'allot', replicas });
  for (let round = 0; round < 20; round++) {
    of.poolSees = of.accounts.length - 1;
    reconcile(of);
    of.world.settle();
    of.accountSees = of.answers.length - 1;
    for (const kind of ['deregister', 'land', 'register'] as const) {
      happen(of, { kind });
      check(of);
    }
  }
}

describe('controllers/minerpool and its StakeAccount', function () {
  this.timeout(searchTimeout(60_000));

  it('no pod is ever without its registered miner, however late each side sees the other, and whoever is killed', () => {
    fc.assert(
      fc.property(
        fc.array(happenings, { maxLength: 80, size: 'max' }),
        fc.nat(MOST),
        (sequence, replicas) => {
          const both = pair();
          for (const happening of sequence) {
            happen(both, happening);
            check(both);
          }

          both.world.pool = { ...both.world.pool, spec: { ...both.world.pool.spec, replicas: MOST } };
          calmDown(both, replicas);

          assert.deepEqual(
            [...both.world.pods.keys()].sort(),
            Array.from({ length: replicas }, (_, ordinal) => `pool-${ordinal}`),
          );
          assert.equal(both.chain.size, replicas);
          assert.equal(both.world.pool.status?.stake?.occupied, formatOrdinals([...both.chain]));
        },
      ),
      { numRuns: searches(63) },
    );
  });
});
