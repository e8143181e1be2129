import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatOrdinals, parseOrdinals } from '../../../src/api/ordinals.ts';
import type { PoolStakeStatus } from '../../../src/api/pool-stake.ts';
import type { PoolAllotment } from '../../../src/api/stake-account/status.ts';
import type { Miner } from '../../../src/chain/protocols/protocol.ts';
import { minerId } from '../../../src/controllers/miner-id.ts';
import { type Goal, type Lingering, goalOf } from '../../../src/controllers/stakeaccount/goal.ts';
import { MINER_TAG } from '../../support/stake-objects.ts';
import { PER_REPLICA, accountState, ask, foreignMiner, grounds, poolWith } from './goal-grounds.ts';
import { searches, searchTimeout } from '../../support/searches.ts';

/*
 * The account's side of the agreement with its pools, the real one, between pools as small as can be: each heeds one version of the
 * account, late, and never an earlier one again. Pools come and go, are not understood for a while, and the account is made anew.
 */

const NAMES = ['a', 'b'] as const;
type Name = (typeof NAMES)[number];
const MOST = 4;

type Happening =
  | { kind: 'look' | 'send' | 'land' | 'renew' }
  | { kind: 'stake'; replicas: number }
  | { kind: 'scale' | 'sees' | 'told'; pool: Name; by: number }
  | { kind: 'act' | 'reap' | 'remove' | 'puzzle'; pool: Name };

const pool = fc.constantFrom(...NAMES);
const plain = (kind: 'look' | 'send' | 'land' | 'renew') => fc.record({ kind: fc.constant(kind) });
const counted = (kind: 'scale' | 'sees' | 'told') =>
  fc.record({ kind: fc.constant(kind), pool, by: fc.nat(MOST) });
const named = (kind: 'act' | 'reap' | 'remove' | 'puzzle') => fc.record({ kind: fc.constant(kind), pool });

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: plain('look') },
  { weight: 4, arbitrary: plain('send') },
  { weight: 4, arbitrary: plain('land') },
  { weight: 1, arbitrary: plain('renew') },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('stake' as const), replicas: fc.nat(2 * MOST) }) },
  { weight: 2, arbitrary: counted('scale') },
  { weight: 5, arbitrary: counted('sees') },
  { weight: 5, arbitrary: counted('told') },
  { weight: 6, arbitrary: named('act') },
  { weight: 4, arbitrary: named('reap') },
  { weight: 1, arbitrary: named('remove') },
  { weight: 1, arbitrary: named('puzzle') },
);

/** What an account has written, and under which UID. */
interface Version {
  readonly uid: string;
  readonly pools: readonly PoolAllotment[];
}

interface ModelPool {
  exists: boolean;
  understood: boolean;
  replicas: number;
  /** Which version of the account it sees. */
  seen: number;
  /** Ordinals with pods, and those of them that are going. */
  readonly pods: Set<number>;
  readonly going: Set<number>;
  /** All that it has answered; the account sees one of them. */
  readonly answers: (PoolStakeStatus | undefined)[];
  told: number;
}

interface Model {
  readonly versions: Version[];
  readonly pools: Record<Name, ModelPool>;
  uid: number;
  stake: number;
  goal: Goal | undefined;
  readonly chain: Map<string, Miner>;
  /** Sent, and not final. */
  readonly leaving: Set<string>;
}

const stranger = foreignMiner(1);

function model(): Model {
  const newPool = (): ModelPool => ({
    exists: true,
    understood: true,
    replicas: MOST,
    seen: 0,
    pods: new Set(),
    going: new Set(),
    answers: [undefined],
    told: 0,
  });
  return {
    versions: [{ uid: 'uid-0', pools: [] }],
    pools: { a: newPool(), b: newPool() },
    uid: 0,
    stake: 2 * MOST,
    goal: undefined,
    chain: new Map([[stranger.id, stranger]]),
    leaving: new Set(),
  };
}

/** What is still there of a pool that is gone and that the account has heard of. */
function pods({ pools, versions, uid }: Model, name: Name): readonly number[] {
  const last = versions.at(-1);
  const isKnown = last?.uid === `uid-${uid}` && last.pools.some((each) => each.name === name);
  return isKnown ? [...pools[name].pods] : [];
}

function believed({ replicas, answers, told }: ModelPool): readonly number[] {
  return [
    ...Array.from({ length: replicas }, (_, ordinal) => ordinal),
    ...parseOrdinals(answers[told]?.occupied ?? ''),
  ];
}

function look(of: Model): void {
  const { chain, leaving, pools, versions } = of;
  const uid = `uid-${of.uid}`;
  const last = versions.at(-1);
  const published = last?.uid === uid ? last.pools : [];
  const asking = NAMES.filter((name) => pools[name].exists && pools[name].understood);
  const lingering: Lingering = new Map(
    NAMES.filter((name) => !asking.includes(name) && (pools[name].exists || pods(of, name).length > 0)).map(
      (name) => [name, pools[name].exists ? believed(pools[name]) : pods(of, name)],
    ),
  );
  const miners = [...chain.values()];
  of.goal = goalOf(
    grounds({
      asks: asking.map((name) =>
        ask(poolWith(name, pools[name].replicas, pools[name].answers[pools[name].told])),
      ),
      published,
      lingering,
      miners,
      state: accountState(BigInt(of.stake + 1) * PER_REPLICA, miners),
      accountUid: uid,
      isLeaving: (id) => leaving.has(id),
    }),
  );
  versions.push({ uid, pools: of.goal.pools });
}

/** What the goal asks for is sent in the same breath, before anything else is seen; the status is written after it. */
function send(of: Model): void {
  look(of);
  const { goal, leaving, chain } = of;
  goal?.desired.deregister.forEach((id) => leaving.add(id));
  goal?.desired.register
    .filter(({ id }) => !leaving.has(id))
    .slice(0, Math.max(0, of.stake + 1 - chain.size))
    .forEach((miner) => chain.set(miner.id, miner));
}

function seenBy({ versions, pools }: Model, name: Name): PoolAllotment | undefined {
  return versions[pools[name].seen]?.pools.find((each) => each.name === name);
}

function act(of: Model, name: Name): void {
  const mine = of.pools[name];
  const { pods, going, answers } = mine;
  if (!mine.exists) {
    return;
  }
  const said = seenBy(of, name);
  const wanted = Math.min(mine.replicas, said?.allotted ?? pods.size);
  const registered = new Set(parseOrdinals(said?.registered ?? ''));
  const missing = Array.from({ length: wanted }, (_, ordinal) => ordinal).filter(
    (ordinal) => registered.has(ordinal) && !pods.has(ordinal),
  );
  answers.push({
    allotted: said?.allotted ?? 0,
    ...(said?.allotmentId === undefined ? {} : { allotmentId: said.allotmentId }),
    occupied: formatOrdinals([...pods, ...missing]),
  });
  missing.forEach((ordinal) => pods.add(ordinal));
  [...pods].filter((ordinal) => ordinal >= wanted).forEach((ordinal) => going.add(ordinal));
}

const effects: Readonly<Record<Happening['kind'], (of: Model, happening: never) => void>> = {
  look,
  send,
  land({ chain, leaving }) {
    leaving.forEach((id) => chain.delete(id));
    leaving.clear();
  },
  renew(of) {
    // Pods of a pool that is gone are known to the account that allotted them alone.
    if (NAMES.some((name) => !of.pools[name].exists && of.pools[name].pods.size > 0)) {
      return;
    }
    of.uid++;
    of.versions.push({ uid: `uid-${of.uid}`, pools: [] });
  },
  stake(of, { replicas }: { replicas: number }) {
    of.stake = replicas;
  },
  scale({ pools }, { pool: name, by }: { pool: Name; by: number }) {
    pools[name].replicas = by;
  },
  sees({ pools, versions }, { pool: name, by }: { pool: Name; by: number }) {
    pools[name].seen = Math.min(versions.length - 1, pools[name].seen + by);
  },
  told({ pools }, { pool: name, by }: { pool: Name; by: number }) {
    pools[name].told = Math.min(pools[name].answers.length - 1, pools[name].told + by);
  },
  act: (of, { pool: name }: { pool: Name }) => act(of, name),
  reap({ pools }, { pool: name }: { pool: Name }) {
    pools[name].going.forEach((ordinal) => pools[name].pods.delete(ordinal));
    pools[name].going.clear();
  },
  remove(of, { pool: name }: { pool: Name }) {
    const { pools } = of;
    if (pods(of, name).length < pools[name].pods.size) {
      return;
    }
    pools[name].exists = false;
    pools[name].pods.forEach((ordinal) => pools[name].going.add(ordinal));
  },
  puzzle({ pools }, { pool: name }: { pool: Name }) {
    pools[name].understood = !pools[name].understood;
  },
};

function check({ pools, chain, leaving, goal }: Model): void {
  for (const name of NAMES) {
    for (const ordinal of pools[name].pods) {
      const id = minerId(MINER_TAG, name, ordinal);
      assert.ok(chain.has(id) && !leaving.has(id), `${name}-${ordinal} runs without a miner`);
    }
  }
  assert.ok(chain.has(stranger.id) && !leaving.has(stranger.id), 'the miner of another is left alone');
  const { register = [], deregister = [] } = goal?.desired ?? {};
  assert.ok(
    register.every(({ id }) => !deregister.includes(id)),
    'nothing is taken off and added at once',
  );
}

describe('controllers/stakeaccount/goal and its pools', function () {
  this.timeout(searchTimeout(60_000));

  it('no miner goes that a pool believes in, or that has a pod, whatever happens, and whoever is late', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 80, size: 'max' }), (script) => {
        const of = model();
        for (const each of script) {
          effects[each.kind](of, each as never);
          check(of);
        }
      }),
      { numRuns: searches(50) },
    );
  });
});
