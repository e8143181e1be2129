import { isDeepStrictEqual } from 'node:util';
import type { Pod } from '../../api/builtin.ts';
import type { ChainTransaction } from '../../api/chain-transaction.ts';
import { labels } from '../../api/group.ts';
import { type Immutable, joinKey, keyOf } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import { type StakeAccount, StakeAccounts } from '../../api/stake-account.ts';
import type { StakeAccountStatus } from '../../api/stake-account/status.ts';
import { isLive } from '../../chain/engine/entry.ts';
import { type Controller, type Result, TerminalError, after, done } from '../../controller/controller.ts';
import type { OwnWrites } from '../../controller/own-writes.ts';
import { mapped, primary } from '../../controller/watch-sources.ts';
import type { EventRecorder } from '../../kube/event-recorder.ts';
import type { Change } from '../../kube/informer.ts';
import { BY_NETWORK, type StakeCaches, accountKeyOf } from '../caches.ts';
import { complete } from './complete.ts';
import { eventsOf } from './events.ts';
import { createForeignNews } from './foreign-news.ts';
import { isHeld, setHold, withdrawsAtEnd } from './hold.ts';
import { createLanes } from './lanes.ts';
import { createMinerBook } from './miner-book.ts';
import { createSigners } from './signers.ts';
import type { SeenAccount, Standing } from './standing.ts';
import { cleared, statusOf } from './status.ts';
import { type SurveyParts, survey } from './survey.ts';

/** What the controller is built from. */
export interface StakeAccountParts extends Omit<SurveyParts, 'signers' | 'lanes' | 'book'> {
  readonly events: EventRecorder;
  readonly ownWrites: OwnWrites;
}

/** The event of our own status write wakes nobody, so the cache is looked at again this soon. */
const ECHO_MS = 20;

/** What waits for something but a block, such as cheaper gas, coin or a day of the spend cap, is tried again this often. */
const HELD_RETRY_MS = 15_000;

/** What is due by time alone is due by the chain's next block. */
const SOON_MS = 1000;

/** Pools change in bursts while they fill. */
const POOL_DELAY_MS = 100;

/** The longest that an account goes without a look while something of it becomes due, in milliseconds: clocks of machines are put right. */
const LONGEST_WAIT_MS = 60 * 60 * 1000;

/** Keeps stake, miners and duties of every StakeAccount as its spec and its pools want them. */
export function stakeAccountController(given: StakeAccountParts): Controller {
  const { client, caches, clock, networks, events, ownWrites } = given;
  const parts: SurveyParts = {
    ...given,
    signers: createSigners(given),
    lanes: createLanes(client, caches.transactions),
    book: createMinerBook(() => clock.monotonic()),
  };
  const foreignNews = createForeignNews();
  /** Accounts that wait for a block, by their network. */
  const waiting = new Map<string, Set<string>>();

  caches.accounts.onChange(({ type, object }) => {
    if (type === 'deleted') {
      const { uid } = object.metadata;
      parts.signers.forget(uid);
      parts.lanes.forget(uid);
      parts.book.forget(uid);
      parts.rewards?.forget(uid);
      foreignNews.forget(uid);
      ownWrites.forget(uid);
      waiting.get(object.spec.networkRef.name)?.delete(keyOf(object));
    }
  });

  function waitFor(network: string, key: string, isWaiting: boolean): void {
    const keys = waiting.get(network) ?? new Set();
    waiting.set(network, keys);
    if (isWaiting) {
      keys.add(key);
    } else {
      keys.delete(key);
    }
  }

  async function write(
    account: Immutable<StakeAccount>,
    status: StakeAccountStatus,
    standing: Standing,
  ): Promise<void> {
    if (isDeepStrictEqual(status, account.status)) {
      return;
    }
    await client.patchStatus(StakeAccounts, account, cleared(status, account.status));
    ownWrites.wrote(account);
    eventsOf(account, status, standing).forEach((event) => events.record(account, event));
  }

  return {
    name: 'stakeaccount',
    // Most of the time is waiting for nodes.
    concurrency: 32,
    watches: [
      primary(caches.accounts),
      mapped(caches.accounts, (change) => accountsOfKey(change, caches.accounts.store.list())),
      mapped(caches.pools, accountsOfPool, { delayMs: POOL_DELAY_MS }),
      mapped(caches.pods, (change) => accountsOfGonePool(change, caches)),
      mapped(caches.transactions, accountsOfTransaction),
    ],
    begin(wake, signal) {
      parts.rewards?.begin((key) => wake(key, 0), signal);
      parts.slashes?.begin((key) => wake(key, 0));
      const accountsOn = (network: string): readonly Immutable<StakeAccount>[] =>
        caches.accounts.store.byIndex(BY_NETWORK, network);
      networks.listen({
        networkChanged: (network) => accountsOn(network).forEach((account) => wake(keyOf(account), 0)),
        accountChanged: (network, address) =>
          accountsOn(network)
            .filter(({ spec }) => spec.address.toLowerCase() === address.toLowerCase())
            .forEach((account) => wake(keyOf(account), 0)),
        blockSeen: (network) => waiting.get(network)?.forEach((key) => wake(key, 0)),
      });
    },
    async reconcile(key, context) {
      const stored = caches.accounts.store.get(key);
      if (stored === undefined) {
        // One that was under way while it went has put it back.
        waiting.forEach((keys) => keys.delete(key));
        return done;
      }
      if (ownWrites.isBehind(stored)) {
        return after(ECHO_MS);
      }
      const cached = await understood(stored);
      const isLeaving = cached.metadata.deletionTimestamp !== undefined;
      if (isLeaving && (!isHeld(cached) || !withdrawsAtEnd(cached))) {
        return isHeld(cached) ? letGo(cached) : done;
      }
      const account = isHeld(cached) === withdrawsAtEnd(cached) ? cached : await changeHold(cached);
      const standing = await survey(account, parts, context);
      context.signal.throwIfAborted();
      await write(account, statusOf(account, standing, clock.now()), standing);
      foreignNews.eventsOf(account, standing).forEach((event) => events.record(account, event));
      if (standing.kind === 'unread') {
        return done;
      }
      // Who may not touch the account has nothing to withdraw from it.
      if (isLeaving && (isWithdrawn(standing) || standing.obstacle !== undefined)) {
        return letGo(account);
      }
      waitFor(standing.network.name, key, isMoving(standing));
      return nextLook(standing, clock.now());
    },
  };

  /** The account with all defaults. @throws TerminalError once it is told that its spec is none */
  async function understood(stored: Immutable<StakeAccount>): Promise<Immutable<StakeAccount>> {
    try {
      return complete(stored);
    } catch (error) {
      if (error instanceof TerminalError) {
        const obstacle = { reason: 'SpecInvalid', message: error.message, isStalled: true } as const;
        const standing = { kind: 'unread', obstacle } as const;
        await write(stored, statusOf(stored, standing, clock.now()), standing);
      }
      throw error;
    }
  }

  async function changeHold(account: Immutable<StakeAccount>): Promise<Immutable<StakeAccount>> {
    const changed = await setHold(account, !isHeld(account), client);
    ownWrites.wrote(account);
    return complete(changed);
  }

  async function letGo(account: Immutable<StakeAccount>): Promise<Result> {
    await setHold(account, false, client);
    return done;
  }
}

/** The next block can change something: what is held waits for something else. */
function isMoving({ plan, holds, obstacle, dryRun, entries, rewards }: SeenAccount): boolean {
  const isSendable = plan.moves.length > 0 && holds.length === 0 && obstacle === undefined && !dryRun;
  return isSendable || entries.some(isLive) || (rewards?.settling.size ?? 0) > 0;
}

/** Nothing of the account is staked any more, and nothing that could change that is under way. */
function isWithdrawn({ state, entries }: SeenAccount): boolean {
  return state.provisioned + state.idle + state.thawing === 0n && !entries.some(isLive);
}

function nextLook({ state, holds, network, rewards }: SeenAccount, now: number): Result {
  const { epoch } = network.facts;
  const moments = [
    ...state.thaws.map(({ dueAt }) => dueAt),
    ...(epoch === undefined ? [] : [(epoch.startsAt + epoch.endsAt) / 2]),
    ...(rewards?.nextAt === undefined ? [] : [Math.max(rewards.nextAt, now + SOON_MS)]),
    ...holds.map(({ notBefore }) => Math.max(notBefore ?? 0, now + HELD_RETRY_MS)),
  ].filter((moment) => moment > now);
  return moments.length === 0 ? done : after(Math.min(Math.min(...moments) - now, LONGEST_WAIT_MS));
}

/** Other accounts with the same address: when one goes, another may manage it. */
function accountsOfKey(
  change: Change<StakeAccount>,
  all: Iterable<Immutable<StakeAccount>>,
): readonly string[] {
  const { spec, metadata } = change.object;
  const isNews = change.type !== 'updated' || change.previous.metadata.generation !== metadata.generation;
  return isNews
    ? [...all]
        .filter(
          (other) =>
            other.metadata.uid !== metadata.uid &&
            other.spec.address.toLowerCase() === spec.address.toLowerCase(),
        )
        .map(keyOf)
    : [];
}

/** What an account heeds of its pools: what they want, and what they have answered. */
function accountsOfPool(change: Change<MinerPool>): readonly string[] {
  if (change.type !== 'updated') {
    return accountNamedBy(change.object);
  }
  const { previous, object } = change;
  return isDeepStrictEqual(heededOf(previous), heededOf(object))
    ? []
    : [...new Set([previous, object].flatMap(accountNamedBy))];
}

function heededOf({ metadata, status }: Immutable<MinerPool>): unknown {
  return [metadata.generation, metadata.deletionTimestamp, status?.stake];
}

/** A pod goes whose pool is gone, or needs no stake any more: its miner may go as well. */
function accountsOfGonePool(
  { type, object }: Change<Pod>,
  { pools, accounts }: StakeCaches,
): readonly string[] {
  const { namespace, labels: given } = object.metadata;
  const name = given?.[labels.pool];
  if (
    type !== 'deleted' ||
    name === undefined ||
    pools.store.get(joinKey({ namespace, name }))?.spec.stake !== undefined
  ) {
    return [];
  }
  return [...accounts.store.list()]
    .filter(
      ({ metadata, status }) =>
        metadata.namespace === namespace && status?.pools.some((pool) => pool.name === name) === true,
    )
    .map(keyOf);
}

function accountNamedBy({ metadata, spec }: Immutable<MinerPool>): readonly string[] {
  const name = spec.stake?.accountRef.name;
  return name === undefined ? [] : [joinKey({ namespace: metadata.namespace, name })];
}

function accountsOfTransaction(change: Change<ChainTransaction>): readonly string[] {
  const { object } = change;
  // What the engine writes itself it knows.
  const isOwn =
    change.type === 'updated' &&
    isDeepStrictEqual(change.previous.metadata.annotations, object.metadata.annotations);
  return isOwn || change.type === 'added' ? [] : [accountKeyOf(object)];
}
