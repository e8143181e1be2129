import type { Interface } from 'ethers';
import type { TokenUnits, Wei } from '../amounts/amount.ts';
import type { ChainEvent } from '../events/chain-event.ts';
import type { EventFilter } from '../events/event-source.ts';
import type { ChainReader } from '../rpc/chain-reader.ts';
import type { AllowedCall } from '../signing/allow-list.ts';

/** What is staked on a network. */
export interface Token {
  /** Of its contract. */
  readonly address: string;
  readonly symbol: string;
  /** Digits after the point, 0 to 18. */
  readonly decimals: number;
}

/** What miners need. A miner's size is counted in thousandths of a unit, a V100 equivalent. */
export interface StakeTerms {
  readonly stakePerMiner: TokenUnits;
  readonly stakePerUnit: TokenUnits;
  /** Seconds that stake thaws at least. */
  readonly thawingSeconds: number;
  /** The most of a slash that new stake lets be paid as a reward, in parts per million: the least that the network takes. */
  readonly maxVerifierCutPpm: number;
}

/** A span of time in which each account has one duty. */
export interface Epoch {
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly startsAt: number;
  readonly endsAt: number;
}

/** What a network says of itself, as of one block. */
export interface NetworkFacts {
  readonly token: Token;
  readonly terms: StakeTerms;
  /** Undefined: the network has no duties. */
  readonly epoch: Epoch | undefined;
  /** What says who gets rewards for the epoch before the present one, 32 bytes in hex. Absent: nothing says so yet, or there are none. */
  readonly lastRoot?: string;
  /** Names of contracts that are paused: they refuse everything. */
  readonly paused: readonly string[];
  /** Addresses of all contracts, by name, such as StakeManager. */
  readonly contracts: Readonly<Record<string, string>>;
}

/** Stake on its way out. */
export interface Thaw {
  /** What could be taken out now, were it due: a slash takes its part. */
  readonly tokens: TokenUnits;
  /** Milliseconds since 1970. */
  readonly dueAt: number;
}

/** What the chain says of one account, as of one block. */
export interface AccountState {
  readonly address: string;
  /** What it has for gas. */
  readonly coin: Wei;
  /** Tokens that it holds and has not staked. */
  readonly walletTokens: TokenUnits;
  /** Tokens that the staking contract may take from it. */
  readonly allowance: TokenUnits;
  /** Staked, and behind nothing. */
  readonly idle: TokenUnits;
  /** Behind its miners, and not thawing. */
  readonly provisioned: TokenUnits;
  readonly thawing: TokenUnits;
  /** Whether stake has stood behind miners before: the first time is another call. */
  readonly hasProvision: boolean;
  /**
   * Where the stake behind its miners does not have the terms that the network asks for now, so that no miner can be added: whether new ones
   * wait to be accepted. Absent: it has them.
   */
  readonly outdatedTerms?: 'Unstaged' | 'Staged';
  /** The oldest first, as they are taken out. */
  readonly thaws: readonly Thaw[];
  /** How many miners are registered. */
  readonly miners: number;
  /** Their size together, in thousandths of a unit. */
  readonly milliUnits: number;
  /** What they need. */
  readonly required: TokenUnits;
  /** Whether the duty of the present epoch is done. */
  readonly checkedIn: boolean;
}

/** A miner on chain. */
export interface Miner {
  /** 32 bytes in lower-case hex, with 0x. */
  readonly id: string;
  /** Thousandths of a unit. */
  readonly milliUnits: number;
}

/** An account with its miners. */
export interface Holdings {
  readonly state: AccountState;
  readonly miners: readonly Miner[];
}

/** What an account is to be like. */
export interface Desired {
  /** Stake behind its miners: as much is added as is missing, out of what is idle first, then out of the wallet. */
  readonly provisioned: TokenUnits;
  /** The most that may be staked in all: idle, provisioned and thawing. Nothing is added beyond it. */
  readonly maxStaked: TokenUnits;
  /** Whether what is provisioned beyond {@link provisioned} and beyond what miners need is to thaw, and what is idle to be paid back. */
  readonly releasesSurplus: boolean;
  /** Miners to add. The stake covers them, or they come when it does. */
  readonly register: readonly Miner[];
  /** Ids of miners to take off. */
  readonly deregister: readonly string[];
  /** Whether to do the duty of each epoch. */
  readonly checksIn: boolean;
}

/** When a duty is to be done. Milliseconds since 1970. */
export interface Duty {
  /** From when on it can be done. */
  readonly availableAt: number;
  /** By when it should be: from then on the most may be paid for it. */
  readonly dueAt: number;
  /** From when on it is of no use. */
  readonly endsAt: number;
}

/** The kind of every move that has rewards paid. */
export const CLAIM = 'ClaimRewards';

/** The kind of every move that takes miners off: their ids are in its call data. */
export const DEREGISTRATION = 'DeregisterMiners';

/** One call that brings an account nearer to what it is to be like. */
export interface Move {
  /** In CamelCase, such as CheckIn: the kind of the intent. */
  readonly kind: string;
  /** What tells two of the kind apart: 'epoch 7', or the amounts. The same text for the same effect. */
  readonly key: string;
  readonly to: string;
  /** Call data. */
  readonly data: string;
  /** Undefined: it can wait for cheap gas. */
  readonly duty?: Duty;
}

/** What an account is said to have earned in an epoch. Only a root on chain says whether that is so. */
export interface RewardClaim {
  readonly epoch: number;
  /** At least 1. */
  readonly amount: TokenUnits;
  /** From the leaf to the root, each 32 bytes in lower-case hex, with 0x. */
  readonly proof: readonly string[];
}

/**
 * What the chain says of a claim. Unposted: no root of its epoch is there. Disproved: the root says otherwise, or has no tokens left for
 * it. Challenged: it is right, and the root may be taken back until {@link SeenClaim.claimableAt}. Claimable: it can be claimed now.
 * Claimed: it is right, and paid.
 */
export type ClaimStanding = 'Unposted' | 'Disproved' | 'Challenged' | 'Claimable' | 'Claimed';

/** A claim as one block has it. */
export interface SeenClaim extends RewardClaim {
  readonly standing: ClaimStanding;
  /** Milliseconds since 1970; 0 without a root. */
  readonly claimableAt: number;
}

/** How rewards of a network are seen and claimed. An account claims for itself. */
export interface RewardProtocol {
  /** In the order of the claims, with every proof checked. @throws ProtocolMismatch, RpcError, MulticallError */
  readClaims(
    reader: ChainReader,
    facts: NetworkFacts,
    address: string,
    claims: readonly RewardClaim[],
  ): Promise<readonly SeenClaim[]>;
  /** Of the epochs those that are paid. @throws ProtocolMismatch, RpcError, MulticallError */
  readPaid(
    reader: ChainReader,
    facts: NetworkFacts,
    address: string,
    epochs: readonly number[],
  ): Promise<ReadonlySet<number>>;
  /**
   * Has as many of the claims paid as fit into one transaction, the oldest epochs first. Undefined when none can be claimed now. Pure.
   */
  claim(facts: NetworkFacts, address: string, claims: readonly SeenClaim[]): ClaimMove | undefined;
}

/** A move that has claims paid. */
export interface ClaimMove extends Move {
  readonly claims: readonly SeenClaim[];
  /** Units of gas that it uses at most, roughly. */
  readonly gas: bigint;
}

/** Stake that was taken from an account. */
export interface Slash {
  /** In lower case. */
  readonly address: string;
  readonly tokens: TokenUnits;
  /** In which it happened. */
  readonly block: number;
}

/** How slashes are told: by logs, which nothing else that happens in the same block can hide. */
export interface SlashProtocol {
  /** Finds the slashes of all accounts. */
  filter(facts: NetworkFacts): EventFilter;
  /** Undefined for a log that tells of something else. Pure. */
  read(facts: NetworkFacts, event: ChainEvent): Slash | undefined;
}

/** The claims of a move that has some paid; undefined of any other. */
export function claimsOf(move: Move): readonly SeenClaim[] | undefined {
  return move.kind === CLAIM && 'claims' in move ? (move as ClaimMove).claims : undefined;
}

/** What stands in the way of what is wanted. Amounts in the smallest unit of the token. */
export type Shortage =
  /** The wallet holds less than is to be staked. */
  | { readonly kind: 'Tokens'; readonly needed: TokenUnits; readonly held: TokenUnits }
  /** The cap allows less than is wanted. */
  | { readonly kind: 'Cap'; readonly needed: TokenUnits; readonly allowed: TokenUnits };

export interface MovePlan {
  /** In the order in which they are to be tried; the first that the chain takes now comes first. */
  readonly moves: readonly Move[];
  readonly shortages: readonly Shortage[];
}

/**
 * What differs between networks: how stake is read, and by which calls it is moved. Everything that it reads is of the reader's block.
 */
export interface StakingProtocol {
  /** @throws ProtocolMismatch when the contracts are none of this protocol; RpcError, MulticallError */
  readFacts(reader: ChainReader): Promise<NetworkFacts>;
  /** In the order of the addresses. One `eth_call` for some hundred accounts. @throws ProtocolMismatch, RpcError, MulticallError */
  readAccounts(
    reader: ChainReader,
    facts: NetworkFacts,
    addresses: readonly string[],
  ): Promise<readonly AccountState[]>;
  /** All miners of an account, in no particular order. @throws ProtocolMismatch, RpcError, MulticallError */
  readMiners(reader: ChainReader, address: string): Promise<readonly Miner[]>;
  /** What stake miners of these sizes need. */
  required(terms: StakeTerms, miners: number, milliUnits: number): TokenUnits;
  /**
   * What to send next. Pure. Only moves that the chain would take in this very state: what needs another first comes once that is done.
   * @param now milliseconds since 1970
   */
  plan(facts: NetworkFacts, state: AccountState, desired: Desired, now: number): MovePlan;
  /**
   * What an account is like once the chain has taken a move of {@link plan}, if nobody else changes it. Pure. Gas is left out, and stake
   * that begins to thaw does so for the least time that the network asks for.
   * @param now milliseconds since 1970: when the move is included
   */
  foresee(facts: NetworkFacts, before: Holdings, move: Move, now: number): Holdings;
  /** Everything that {@link plan} may ever ask for: nothing else is signed. */
  allowed(facts: NetworkFacts): readonly AllowedCall[];
  /** Absent: the protocol has no rewards. */
  readonly rewards?: RewardProtocol;
  /** Absent: the protocol takes no stake. */
  readonly slashes?: SlashProtocol;
  /** Of the contracts: their errors are explained by them. */
  readonly abis: readonly Interface[];
}

/** What is at an address is not what the spec says. The message says what was found, and what to look at. */
export class ProtocolMismatch extends Error {
  override readonly name = 'ProtocolMismatch';
}
