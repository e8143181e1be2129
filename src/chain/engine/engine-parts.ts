import type { Interface } from 'ethers';
import type { FinalityRule } from '../reads/finality.ts';
import { decodeRevert } from '../node-answers/revert.ts';
import type { ChainReader } from '../rpc/chain-reader.ts';
import { quantity, toQuantity } from '../rpc/hex.ts';
import { RpcError } from '../rpc/rpc-error.ts';
import type { RpcPool } from '../rpc/rpc-pool.ts';
import type { GuardedSigner } from '../signing/guarded-signer.ts';
import { chainViewReader } from './chain-view-reader.ts';
import type { WantedIntent } from './intent.ts';
import type { Broadcaster, EngineParts, Outbox, Simulation, Simulator } from './ports.ts';

export interface EnginePartsOptions {
  readonly pool: RpcPool;
  /** The node and the block that intents are worked out from: what the chain says of transactions is read there as well. @default any */
  readonly at?: ChainReader;
  readonly signer: GuardedSigner;
  readonly outbox: Outbox;
  readonly finality: FinalityRule;
  /** Of the contracts that are called: their errors are explained by them. */
  readonly abis: readonly Interface[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Aborted when nothing may be signed or sent any more. */
  readonly signal?: AbortSignal;
}

/** The engine's parts on the nodes of a pool. */
export function engineParts(options: EnginePartsOptions): EngineParts {
  const { pool, at, signer, outbox, finality, abis, now, signal } = options;
  const reader = (): Promise<ChainReader> => pool.reader({ signal });
  return {
    outbox,
    signer,
    now,
    reader: chainViewReader({
      reader: at === undefined ? reader : () => Promise.resolve(at),
      address: signer.address,
      finality,
    }),
    simulator: simulator({ reader, from: signer.address, abis }),
    broadcaster: broadcaster(pool, signal),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** OpenZeppelin's relayer: a tenth more than the estimate, because state changes between the estimate and the block. Some calls need more. */
const GAS_MARGIN_PERCENT = 20n;

export interface SimulatorOptions {
  /** Gives a reader of the latest block of one node. */
  readonly reader: () => Promise<ChainReader>;
  /** Address of the account that calls. */
  readonly from: string;
  readonly abis: readonly Interface[];
}

/** Asks a node what would come of the call: the estimate of its gas runs it, and fails as it would. */
export function simulator({ reader: open, from, abis }: SimulatorOptions): Simulator {
  return {
    async simulate({ to, data, valueWei }: WantedIntent): Promise<Simulation> {
      const call = { from, to, data, value: toQuantity(BigInt(valueWei)) };
      try {
        const reader = await open();
        const gas = quantity(await reader.request('eth_estimateGas', [call]), 'the gas');
        return { kind: 'possible', gasLimit: Number((gas * (100n + GAS_MARGIN_PERCENT)) / 100n) };
      } catch (error) {
        const answered = error instanceof RpcError ? error.nodeError : undefined;
        if (answered?.kind === 'revert') {
          const { text } = decodeRevert(answered.revertData, abis);
          return { kind: 'reverts', explanation: `the contract would refuse it: ${text}` };
        }
        const said = error instanceof RpcError ? error.message : 'the node answered what cannot be';
        return { kind: 'unknown', explanation: `the call could not be tried: ${said}` };
      }
    },
    /** In the state before its block: what came before it in the block is not in it, so it need not be the whole truth. */
    async whyReverted({ to, data, valueWei }, blockNumber) {
      const call = { from, to, data, value: toQuantity(BigInt(valueWei)) };
      try {
        await (await open()).request('eth_call', [call, toQuantity(Math.max(0, blockNumber - 1))]);
        return undefined;
      } catch (error) {
        const answered = error instanceof RpcError ? error.nodeError : undefined;
        return answered?.kind === 'revert' ? decodeRevert(answered.revertData, abis).text : undefined;
      }
    },
  };
}

function broadcaster(pool: RpcPool, signal: AbortSignal | undefined): Broadcaster {
  return {
    async broadcast(raw) {
      const { verdict, outcomes } = await pool.broadcast(raw, { signal });
      if (verdict === 'accepted') {
        return { kind: 'sent' };
      }
      const text = outcomes.find(({ error }) => error !== undefined)?.error?.message ?? 'no node answered';
      return { kind: verdict === 'unreachable' ? 'transient' : verdict, text };
    },
  };
}
