import assert from 'node:assert/strict';
import { getAddress } from 'ethers';
import type {
  ContractEvent,
  ContractRead,
  ContractWrite,
  EventLog,
} from '../../../src/chain/contracts/binding.ts';
import { epochRewards } from '../../../src/chain/contracts/generated/epoch-rewards.ts';
import { minerRegistry } from '../../../src/chain/contracts/generated/miner-registry.ts';
import { stakeManager } from '../../../src/chain/contracts/generated/stake-manager.ts';
import { testToken } from '../../../src/chain/contracts/generated/test-token.ts';
import { decodeRevert } from '../../../src/chain/contracts/revert.ts';
import { startLocalChain, type LocalChain } from '../../../src/devcluster/local-chain/local-chain.ts';
import { type Frame, traceCoverage, type TraceCoverage } from './trace-coverage.ts';

export interface Receipt {
  readonly transactionHash: string;
  readonly status: string;
  readonly gasUsed: string;
  readonly contractAddress: string | null;
  readonly blockNumber: string;
  readonly logs: readonly (EventLog & { readonly address: string })[];
}

/** How a call ended that did not go through. */
export interface Refusal {
  readonly name: string;
  readonly fields: object;
}

/**
 * A local chain whose every transaction and call is traced. Blocks are one second apart, whatever the clock says. Transactions are
 * mined at once, reverting ones too.
 */
export interface TracedChain {
  readonly chain: LocalChain;
  readonly coverage: TraceCoverage;
  /** Sends a transaction and returns its receipt, whatever its status. */
  readonly transact: (transaction: {
    from: string;
    to?: string;
    data: string;
  }) => Promise<Receipt & { trace: Frame }>;
  /** @throws AssertionError when it reverts, with the reason */
  readonly send: <Args extends readonly unknown[]>(
    from: string,
    to: string,
    write: ContractWrite<Args, unknown>,
    ...args: Args
  ) => Promise<Receipt>;
  /** The same, but it must revert. */
  readonly refused: <Args extends readonly unknown[]>(
    from: string,
    to: string,
    write: ContractWrite<Args, unknown>,
    ...args: Args
  ) => Promise<Refusal>;
  readonly read: <Args extends readonly unknown[], Output>(
    to: string,
    read: ContractRead<Args, Output>,
    ...args: Args
  ) => Promise<Output>;
  /** Seconds since 1970 of the latest block. */
  readonly now: () => Promise<bigint>;
  /** Lets seconds pass, in one block. */
  readonly pass: (seconds: bigint) => Promise<void>;
  readonly snapshot: () => Promise<string>;
  readonly restore: (snapshot: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** More than any call needs; with a limit of its own a transaction that reverts is mined, not refused. */
const GAS = '0x1c9c380';
const errorTables = [
  stakeManager.errors,
  minerRegistry.errors,
  epochRewards.errors,
  testToken.errors,
] as const;

export async function startTracedChain(): Promise<TracedChain> {
  const chain = await startLocalChain({ accounts: 12 });
  const { rpc } = chain;
  const coverage = traceCoverage();
  await rpc.call('anvil_setBlockTimestampInterval', 1);

  async function transact(transaction: {
    from: string;
    to?: string;
    data: string;
  }): Promise<Receipt & { trace: Frame }> {
    const receipt = await rpc.call<Receipt>('eth_sendTransactionSync', { ...transaction, gas: GAS });
    const hash = receipt.transactionHash;
    const trace = await rpc.call<Frame>('debug_traceTransaction', hash, { tracer: 'callTracer' });
    coverage.record(trace);
    const created = receipt.contractAddress;
    return { ...receipt, contractAddress: created === null ? null : getAddress(created), trace };
  }

  async function now(): Promise<bigint> {
    const block = await rpc.call<{ timestamp: string }>('eth_getBlockByNumber', 'latest', false);
    return BigInt(block.timestamp);
  }

  return {
    chain,
    coverage,
    transact,
    now,
    async send(from, to, write, ...args) {
      const receipt = await transact({ from, to, data: write.encode(...args) });
      if (receipt.status !== '0x1') {
        assert.fail(`${write.signature} was refused: ${inspectRefusal(refusalOf(receipt.trace))}`);
      }
      return receipt;
    },
    async refused(from, to, write, ...args) {
      const receipt = await transact({ from, to, data: write.encode(...args) });
      assert.equal(receipt.status, '0x0', `${write.signature} went through`);
      return refusalOf(receipt.trace);
    },
    async read(to, read, ...args) {
      const call = { to, data: read.encode(...args) };
      const trace = await rpc.call<Frame>('debug_traceCall', call, 'latest', { tracer: 'callTracer' });
      coverage.record(trace);
      assert.equal(trace.error, undefined, `${read.signature}: ${trace.error ?? ''}`);
      return read.decodeOutput(trace.output ?? '0x');
    },
    async pass(seconds) {
      await rpc.call('evm_setNextBlockTimestamp', Number((await now()) + seconds));
      await rpc.call('evm_mine');
    },
    snapshot: () => rpc.call<string>('evm_snapshot'),
    async restore(snapshot) {
      assert.ok(await rpc.call<boolean>('evm_revert', snapshot), 'the snapshot is there');
    },
    stop: () => chain.stop(),
  };
}

/** The fields of all events of one kind that a contract emitted in a transaction. */
export function eventsIn<Fields extends object>(
  receipt: Receipt,
  address: string,
  event: ContractEvent<Fields, never>,
): Fields[] {
  return receipt.logs
    .filter((log) => log.address.toLowerCase() === address.toLowerCase())
    .flatMap((log) => event.decode(log) ?? []);
}

/** A refusal as a test expects it. */
export function refusal(name: string, fields: object = {}): Refusal {
  return { name, fields };
}

/** Why a traced transaction reverted. */
export function refusalOf(trace: Frame): Refusal {
  const data = trace.output ?? '0x';
  for (const errors of errorTables) {
    const revert = decodeRevert(errors, data);
    if (revert !== undefined) {
      return revert;
    }
  }
  return { name: `unknown ${trace.error ?? ''}`, fields: { data } };
}

function inspectRefusal({ name, fields }: Refusal): string {
  return `${name} ${Object.entries(fields)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(' ')}`;
}
