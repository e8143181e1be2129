import { type Immutable, keyOf } from '../../api/kube-object.ts';
import type { StakeAccount } from '../../api/stake-account.ts';
import type { StakingNetwork } from '../../api/staking-network.ts';
import { wei } from '../../chain/amounts/amount.ts';
import { type NetworkFacts, ProtocolMismatch, type RewardClaim } from '../../chain/protocols/protocol.ts';
import { MulticallError } from '../../chain/reads/multicall.ts';
import type { ChainReader } from '../../chain/rpc/chain-reader.ts';
import { RpcError } from '../../chain/rpc/rpc-error.ts';
import type { Store } from '../../kube/store.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { Clock } from '../../time/clock.ts';
import type { UsableNetwork } from '../networks/network-view.ts';
import { minimumOf } from './claim-choice.ts';
import { createFinalNumbers } from './final-numbers.ts';
import { type ProofSource, ProofsProblem } from './proof-source.ts';
import { readRewards } from './read-rewards.ts';
import { countedEpochs, sumOf } from './reward-ledger.ts';
import type { RewardLook } from './reward-look.ts';

export interface RewardBoardParts {
  readonly source: ProofSource;
  readonly networks: Pick<Store<StakingNetwork>, 'get'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Whose rewards are looked at. */
export interface RewardOrder {
  readonly account: Immutable<StakeAccount>;
  readonly network: UsableNetwork;
}

/** What accounts have earned: told by a server, which is asked in the background, and checked on chain. */
export interface RewardBoard {
  /**
   * As of the last look at the network; undefined where it has no rewards. Costs a call only while claims are outstanding. Never rejects
   * for what the chain or the server answers: stake does not wait for rewards.
   */
  look(order: RewardOrder, signal: AbortSignal): Promise<RewardLook | undefined>;
  /** As of the block of the reader. */
  read(order: RewardOrder, reader: ChainReader): Promise<RewardLook | undefined>;
  forget(uid: string): void;
  /** @param wake told of accounts of which the server has answered, by their keys */
  begin(wake: (key: string) => void, signal: AbortSignal): void;
}

/** A server that may tell more is asked this often, and so is a chain on which a claim waits for what nobody tells of. */
const RETRY_MS = 60_000;

/** A reward that is expected, and not told of though its root is there, is asked for so many times. */
const EXPECTED_TRIES = 5;

/** What is known of one account. */
interface Page {
  claims: readonly RewardClaim[];
  problem: string | undefined;
  /** What the server was last asked about. */
  means: string;
  /** When it was last asked; monotonic milliseconds. */
  askedAtMs: number;
  /** How often it was asked about the same. */
  tries: number;
  answers: number;
  /** Whether the server has told of claims, or that there are none. */
  isRead: boolean;
  isUnderWay: boolean;
  look: { readonly of: string; readonly block: string; readonly look: RewardLook } | undefined;
}

export function createRewardBoard({ source, networks, clock, log }: RewardBoardParts): RewardBoard {
  const pages = new Map<string, Page>();
  const finals = createFinalNumbers();
  let listener: (key: string) => void = () => undefined;
  let stopped = new AbortController().signal;

  function pageOf({ account, network }: RewardOrder): Page | undefined {
    const spec = networks.get(network.name)?.spec;
    if (network.protocol.rewards === undefined || spec?.rewards === undefined) {
      return undefined;
    }
    const { uid } = account.metadata;
    const page = pages.get(uid) ?? emptyPage();
    pages.set(uid, page);
    const means = JSON.stringify([spec.rewards, network.facts.epoch?.number, network.facts.lastRoot]);
    if (!page.isUnderWay && isDue(page, { account, network }, means)) {
      ask(page, { account, network }, means);
    }
    return page;
  }

  function isDue(page: Page, order: RewardOrder, means: string): boolean {
    return page.means !== means || (mayTellMore(page, order) && msToRetry(page) === 0);
  }

  function msToRetry({ askedAtMs }: Page): number {
    return Math.max(0, askedAtMs + RETRY_MS - clock.monotonic());
  }

  function ask(page: Page, { account, network }: RewardOrder, means: string): void {
    const known = networks.get(network.name);
    if (known === undefined || stopped.aborted) {
      return;
    }
    page.tries = page.means === means ? page.tries + 1 : 1;
    page.means = means;
    page.askedAtMs = clock.monotonic();
    page.isUnderWay = true;
    source.claims({ network: known, address: account.spec.address, signal: stopped }).then(
      (claims) => answered(page, account, { claims, problem: undefined }),
      (error: unknown) => {
        if (!(error instanceof ProofsProblem)) {
          log.error('rewards could not be asked for', { error });
        }
        const problem = error instanceof ProofsProblem ? error.message : 'the operator’s log says more';
        answered(page, account, { claims: page.claims, problem });
      },
    );
  }

  function answered(
    page: Page,
    account: Immutable<StakeAccount>,
    { claims, problem }: Pick<Page, 'claims' | 'problem'>,
  ): void {
    page.claims = claims;
    page.problem = problem;
    page.answers++;
    page.isRead ||= problem === undefined;
    page.isUnderWay = false;
    if (!stopped.aborted) {
      listener(keyOf(account));
    }
  }

  async function readInto(page: Page, order: RewardOrder, reader: ChainReader): Promise<void> {
    const finalNumber = (): Promise<number> => finals.at(order.network, reader);
    const found = await readRewards({ ...order, claims: page.claims, finalNumber }, reader);
    const look = { ...found, isUnread: !page.isRead, problem: page.problem, nextAt: undefined };
    page.look = { of: lookKey(page, order), block: order.network.block.hash, look };
  }

  /** Reads what may have changed since the last look: nothing while all that is open waits for a block to be final. */
  async function refresh(page: Page, order: RewardOrder, signal: AbortSignal): Promise<void> {
    const of = lookKey(page, order);
    const block = order.network.block.hash;
    if (page.look?.of === of && page.look.block === block) {
      return;
    }
    if (outstanding(page, order).length === 0) {
      page.look = { of, block, look: nothing };
      return;
    }
    const { waitsFor } = page.look?.of === of ? page.look.look : nothing;
    const reader = await order.network.pool.reader({ signal });
    if (waitsFor === undefined || (await finals.at(order.network, reader)) >= waitsFor) {
      await readInto(page, order, reader);
    }
  }

  /** The last look, with what has changed without the chain. */
  function current(page: Page, order: RewardOrder): RewardLook {
    const look = page.look?.look ?? nothing;
    const moments = look.claims
      .filter(({ standing }) => standing === 'Challenged')
      .map(({ claimableAt }) => claimableAt);
    const retries = mayTellMore(page, order) && !page.isUnderWay ? [clock.now() + msToRetry(page)] : [];
    const looks = mayChange(look, order) ? [clock.now() + RETRY_MS] : [];
    const next = Math.min(...moments, ...retries, ...looks);
    return {
      ...look,
      isUnread: !page.isRead,
      problem: page.problem,
      nextAt: next === Infinity ? undefined : next,
    };
  }

  return {
    async look(order, signal) {
      const page = pageOf(order);
      if (page === undefined) {
        return undefined;
      }
      try {
        await refresh(page, order, signal);
      } catch (error) {
        passOver(error);
      }
      return current(page, order);
    },
    async read(order, reader) {
      const page = pageOf(order);
      if (page === undefined) {
        return undefined;
      }
      try {
        await readInto(page, order, reader);
      } catch (error) {
        passOver(error);
      }
      return current(page, order);
    },
    forget: (uid) => void pages.delete(uid),
    begin(wake, signal) {
      listener = wake;
      stopped = signal;
    },
  };
}

function emptyPage(): Page {
  return {
    claims: [],
    problem: undefined,
    means: '',
    askedAtMs: -Infinity,
    tries: 0,
    answers: 0,
    isRead: false,
    isUnderWay: false,
    look: undefined,
  };
}

const nothing: RewardLook = {
  claims: [],
  paid: new Set(),
  settling: new Map(),
  waitsFor: undefined,
  isUnread: true,
  problem: undefined,
  baseFeePerGas: wei(0n),
  nextAt: undefined,
};

/** What the chain fails to answer is asked again at its next block. */
function passOver(error: unknown): void {
  const isKnown =
    error instanceof RpcError || error instanceof MulticallError || error instanceof ProtocolMismatch;
  if (!isKnown) {
    throw error;
  }
}

/** What a look depends on besides its block. */
function lookKey({ answers }: Page, { account }: RewardOrder): string {
  const { counted = '', open = [] } = account.status?.rewards ?? {};
  return JSON.stringify([answers, counted, open.map(({ epoch, paidBlock }) => [epoch, paidBlock?.hash])]);
}

/** Epochs that are told of, or open, and not counted. */
function outstanding({ claims }: Page, { account }: RewardOrder): readonly number[] {
  const isCounted = countedEpochs(account.status);
  const told = claims.map(({ epoch }) => epoch).filter((epoch) => !isCounted(epoch));
  return [...told, ...(account.status?.rewards?.open.map(({ epoch }) => epoch) ?? [])];
}

/** Of what is told, and right, a server has nothing more to tell. */
function mayTellMore(page: Page, order: RewardOrder): boolean {
  const isWrong = page.look?.look.claims.some(({ standing }) => standing === 'Disproved') === true;
  return page.problem !== undefined || isWrong || isExpected(page, order);
}

/** By what is no news of the account: a root, or the price of gas where there is enough to claim. */
function mayChange({ claims }: RewardLook, { account, network }: RewardOrder): boolean {
  const due = sumOf(claims, 'Claimable');
  return (
    claims.some(({ standing }) => standing === 'Unposted' || standing === 'Disproved') ||
    (due > 0n && due >= minimumOf(account.spec, network.facts.token.decimals))
  );
}

/** The account did its duty in the last epoch, whose rewards are on chain, and the server does not tell of any yet. */
function isExpected({ claims, tries }: Page, { account, network }: RewardOrder): boolean {
  const { epoch, lastRoot }: NetworkFacts = network.facts;
  const last = (epoch?.number ?? 0) - 1;
  const didDuty = (account.status?.checkedInEpoch ?? -1) >= last;
  return (
    lastRoot !== undefined &&
    didDuty &&
    tries < EXPECTED_TRIES &&
    !claims.some((claim) => claim.epoch === last)
  );
}
