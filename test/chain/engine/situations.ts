import { MAX_ATTEMPTS, type Attempt, type AttemptCause } from '../../../src/api/chain-transaction/spec.ts';
import type { ChainTransactionStatus } from '../../../src/api/chain-transaction/status.ts';
import { annotations } from '../../../src/api/group.ts';
import { wei } from '../../../src/chain/amounts/amount.ts';
import type { ChainView, InclusionReceipt } from '../../../src/chain/engine/chain-view.ts';
import type { Entry } from '../../../src/chain/engine/entry.ts';
import { type WantedIntent, intentId } from '../../../src/chain/engine/intent.ts';
import type { Situation } from '../../../src/chain/engine/scope.ts';
import { ADDRESS, CHAIN_ID, CONTRACT, modelPolicy } from './model/world.ts';

/** 2026-01-01, 12:00 UTC. */
export const NOON = Date.UTC(2026, 0, 1, 12);

export const ATTEMPT_LIMIT = MAX_ATTEMPTS;

export function intentNamed(key: string, changes: Partial<WantedIntent> = {}): WantedIntent {
  const id = intentId({ chainId: CHAIN_ID, account: ADDRESS, contract: CONTRACT, kind: 'Count', key });
  return { id, kind: 'Count', to: CONTRACT, data: id, valueWei: '0', urgency: 'Optional', ...changes };
}

/** The hash of the attempt of a nonce with that place, from 0. */
export function hashOf(nonce: number, place = 0): string {
  return `0x${(nonce * 100 + place).toString(16).padStart(64, '0')}`;
}

export interface EntryShape {
  readonly nonce: number;
  readonly intent?: WantedIntent;
  readonly causes?: readonly AttemptCause[];
  /** wei per unit of gas. */
  readonly maxFeePerGas?: number;
  readonly signedBlock?: number;
  readonly maxCostWei?: string;
  readonly status?: Partial<ChainTransactionStatus>;
  readonly cancel?: boolean;
}

export function entry(shape: EntryShape): Entry {
  const { nonce, intent = intentNamed(String(nonce)), causes = ['First'], status, cancel } = shape;
  const attempts = causes.map((cause, place): Attempt => ({
    hash: hashOf(nonce, place),
    raw: '0x00',
    cause,
    gasLimit: 50_000,
    maxFeePerGasWei: String(shape.maxFeePerGas ?? 22),
    maxPriorityFeePerGasWei: '2',
    signedTime: '2026-01-01T11:00:00Z',
    signedBlock: shape.signedBlock ?? 100,
  }));
  return {
    apiVersion: 'headframe.dev/v1alpha1',
    kind: 'ChainTransaction',
    metadata: {
      name: `acct-${nonce}`,
      namespace: 'ns',
      uid: `uid-${nonce}`,
      resourceVersion: '1',
      creationTimestamp: '2026-01-01T11:00:00Z',
      ...(cancel === true ? { annotations: { [annotations.cancel]: 'true' } } : {}),
    },
    spec: {
      accountRef: { name: 'acct' },
      address: ADDRESS,
      chainId: CHAIN_ID,
      sequence: nonce,
      nonce,
      intent,
      maxCostWei: shape.maxCostWei ?? '10000000',
      attempts,
    },
    ...(status === undefined ? {} : { status: { conditions: [], ...status } }),
  };
}

export function receipt(hash: string, blockNumber: number, succeeded = true): InclusionReceipt {
  return {
    hash,
    blockNumber,
    blockHash: `0x${blockNumber.toString(16).padStart(64, 'b')}`,
    succeeded,
    gasUsed: 40_000n,
    effectiveGasPriceWei: wei(12n),
  };
}

/** A chain whose head is block 100, with blocks up to 90 final, base fee 10 wei and tip 2. */
export function view(changes: Partial<ChainView> = {}): ChainView {
  return {
    head: { number: 100, hash: '0xhead' },
    finalNumber: 90,
    nonce: 0,
    balanceWei: wei(10n ** 18n),
    market: { baseFeePerGas: wei(10n), suggestedTip: wei(2n) },
    receipts: new Map(),
    pending: new Set(),
    users: new Map(),
    ...changes,
  };
}

export function situation(changes: Partial<Situation> = {}): Situation {
  return {
    account: { name: 'acct', namespace: 'ns', address: ADDRESS },
    chainId: CHAIN_ID,
    intents: [],
    entries: [],
    view: view(),
    policy: modelPolicy(),
    refused: new Map(),
    now: NOON,
    ...changes,
  };
}
