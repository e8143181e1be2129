import { parseEth, parseGwei } from '../../../src/chain/amounts/decimal.ts';
import { engineParts } from '../../../src/chain/engine/engine-parts.ts';
import { ENGINE_DEFAULTS, type EnginePolicy } from '../../../src/chain/engine/engine-policy.ts';
import type { EngineParts } from '../../../src/chain/engine/ports.ts';
import { type RoundReport, engineRound } from '../../../src/chain/engine/round.ts';
import { BUMP_LIMITS } from '../../../src/chain/fees/fee-limits.ts';
import { rpcPool } from '../../../src/chain/rpc/rpc-pool.ts';
import { guardedSigner } from '../../../src/chain/signing/guarded-signer.ts';
import { plainKeySigner } from '../../../src/chain/signing/key-signer.ts';
import { kubeOutbox } from '../../../src/controllers/stakeaccount/outbox.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { CHAIN_ID } from './anvil.ts';
import { SELECTOR, countIntents } from './counter.ts';

/** Deeper than the deepest reorganisation of these tests. */
export const FINAL_CONFIRMATIONS = 14;

export interface ChaosAccount {
  readonly key: string;
  readonly address: string;
  /** What it may spend, in coins. */
  readonly capEth: string;
  /** Whether that is too little for all that is wanted. */
  readonly isPoor: boolean;
}

export interface EnginesConfig {
  readonly urls: readonly string[];
  readonly contract: string;
  readonly accounts: readonly ChaosAccount[];
  /** How many are wanted: of the effects that an account is to have the first ones. */
  readonly intentsPerAccount: number;
  readonly window: number;
  /** Sends before it writes: what the engine must never do. */
  readonly writeAheadOff: boolean;
}

function chaosPolicy(window: number, capEth: string): EnginePolicy {
  return {
    ...ENGINE_DEFAULTS,
    window,
    historyLimit: 10_000,
    fees: {
      minBaseFeePerGas: parseGwei('0.1'),
      minPriorityFeePerGas: parseGwei('0.1'),
      targetFeePerGas: parseGwei('50'),
      maxFeePerGas: parseGwei('200'),
      maxPriorityFeePerGas: parseGwei('50'),
      maxCostWei: parseEth('0.1'),
      bumpLimits: BUMP_LIMITS,
    },
    spend: { capWei: parseEth(capEth), essentialReserveWei: parseEth('0') },
  };
}

export function accountName(index: number): string {
  return `account-${index}`;
}

/** The engines of all accounts, as one operator has them. */
export interface Engines {
  /** One round of one account. @throws what the engine throws */
  round(account: number): Promise<RoundReport | undefined>;
  readonly accounts: number;
  close(): void;
}

/** @param wrap puts something between an engine and its parts */
export function startEngines(
  client: KubeClient,
  config: EnginesConfig,
  wrap: (parts: EngineParts) => EngineParts = (parts) => parts,
): Engines {
  const pool = rpcPool({
    network: 'chaos',
    chainId: BigInt(CHAIN_ID),
    clock: systemClock,
    endpoints: config.urls.map((url, index) => ({ name: `endpoint-${index}`, url: new URL(url) })),
    headTtlMs: 1,
    timeoutMs: 2000,
    graceMs: 100,
    circuit: { failureThreshold: 3, pauseMs: 200, maxPauseMs: 1000 },
  });
  const lanes = config.accounts.map(({ key, address, capEth }, index) => {
    const account = { name: accountName(index), namespace: 'default', address };
    const kept = kubeOutbox(client, {
      namespace: 'default',
      account: account.name,
      chainId: CHAIN_ID,
      address,
    });
    const parts = engineParts({
      pool,
      signer: guardedSigner(plainKeySigner(key, BigInt(CHAIN_ID)), {
        chainId: BigInt(CHAIN_ID),
        allowed: [{ to: config.contract, selector: SELECTOR }],
      }),
      outbox: kept,
      finality: { kind: 'depth', confirmations: FINAL_CONFIRMATIONS },
      abis: [],
      now: () => Date.now(),
    });
    const intents = countIntents(address, config.contract, config.intentsPerAccount);
    const wrapped = wrap(parts);
    const policy = chaosPolicy(config.window, capEth);
    const order = { account, chainId: CHAIN_ID, intents: () => intents, policy };
    return { order, parts: config.writeAheadOff ? unsafe(wrapped) : wrapped };
  });
  return {
    accounts: lanes.length,
    async round(account) {
      const lane = lanes[account]!;
      return engineRound(lane.order, lane.parts);
    },
    close: () => pool.close(),
  };
}

/** As many programs do it: sent, and then written down. */
function unsafe(parts: EngineParts): EngineParts {
  const { outbox, broadcaster } = parts;
  return {
    ...parts,
    outbox: {
      ...outbox,
      async create(spec) {
        await broadcaster.broadcast(spec.attempts[0]!.raw);
        return outbox.create(spec);
      },
    },
  };
}
