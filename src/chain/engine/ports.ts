import type { Attempt, ChainTransactionSpec } from '../../api/chain-transaction/spec.ts';
import type { ChainTransactionStatus } from '../../api/chain-transaction/status.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { NodeErrorKind } from '../node-answers/node-error.ts';
import type { GuardedSigner } from '../signing/guarded-signer.ts';
import type { ChainView } from './chain-view.ts';
import type { Entry } from './entry.ts';
import type { WantedIntent } from './intent.ts';

/** Where the ChainTransactions of one account are kept. Every write is a compare-and-swap. */
export interface Outbox {
  /** The account's entries as they are known without asking: they may be old, but hold no hole that others made. @throws ApiError */
  known(): Promise<readonly Entry[]>;
  /** The account's entries as they are now. @throws ApiError */
  reload(): Promise<readonly Entry[]>;
  /** Reserves the sequence number, and with it the nonce; undefined when somebody has it already. @throws ApiError */
  create(spec: Immutable<ChainTransactionSpec>): Promise<Entry | undefined>;
  /** Adds an attempt; undefined when somebody has changed the entry since it was read. @throws ApiError */
  append(entry: Entry, attempt: Immutable<Attempt>): Promise<Entry | undefined>;
  /** Writes the status; undefined when somebody has changed the entry since it was read. @throws ApiError */
  record(entry: Entry, status: ChainTransactionStatus): Promise<Entry | undefined>;
  /** Deletes the entry, if it is there. @throws ApiError */
  prune(entry: Entry): Promise<void>;
}

/** What is asked about an entry: whether a block includes one of its attempts, and if not, who used its nonce. */
export interface EntryQuestion {
  readonly nonce: number;
  readonly hashes: readonly string[];
  /** Number of a block in which the nonce was not used yet. */
  readonly sinceBlock: number;
}

export interface ViewReader {
  /**
   * What one node says of the account, all as of one block.
   * @param lastKnownNonce the highest that is reserved, -1 for none: who used the last one above it is looked up
   * @throws RpcError when the node does not answer, or its chain changed while it was asked
   */
  read(questions: readonly EntryQuestion[], lastKnownNonce: number): Promise<ChainView>;
}

/** What would come of a call now. */
export type Simulation =
  | { readonly kind: 'possible'; readonly gasLimit: number }
  /** The contract refuses, and why. */
  | { readonly kind: 'reverts'; readonly explanation: string }
  /** The node did not say. */
  | { readonly kind: 'unknown'; readonly explanation: string };

export interface Simulator {
  /** With a margin on the gas. Throws nothing. */
  simulate(intent: WantedIntent): Promise<Simulation>;
  /** Why a call that a block includes was refused there, as far as the node still knows. Throws nothing. */
  whyReverted(intent: WantedIntent, blockNumber: number): Promise<string | undefined>;
}

/** What the nodes said: taken, known already, or the kind of their refusal. */
export type BroadcastAnswer =
  { readonly kind: 'sent' } | { readonly kind: NodeErrorKind; readonly text: string };

export interface Broadcaster {
  /** Sends it to every node that answers. Throws nothing: what the nodes have shows when they are read. */
  broadcast(raw: string): Promise<BroadcastAnswer>;
}

/** Everything that the engine has of the world outside. */
export interface EngineParts {
  readonly outbox: Outbox;
  readonly reader: ViewReader;
  readonly simulator: Simulator;
  readonly signer: Pick<GuardedSigner, 'sign'>;
  readonly broadcaster: Broadcaster;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Aborted when nothing may be signed or sent any more, as when the lease is lost. */
  readonly signal?: AbortSignal;
}
