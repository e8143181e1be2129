import { testToken } from '../../../src/chain/contracts/generated/test-token.ts';
import { inParallel } from '../../world/in-parallel.ts';
import type { BenchChain } from '../world/chain.ts';
import { PAYMENT, payee } from '../world/payments.ts';
import type { ChainEvidence, MinedTransaction } from './judge.ts';

interface Receipt {
  readonly transactionHash: string;
  readonly from: string;
  readonly status: string;
}

const LANES = 8;

/** Asks the chain what has become of the payments since a block. Nothing of it comes from the operator. */
export async function readEvidence(
  { chain, at, payers }: BenchChain,
  payments: number,
  sinceBlock: number,
): Promise<ChainEvidence> {
  const { rpc } = chain;
  const senders = new Set(payers.map(({ address }) => address.toLowerCase()));
  const last = Number(await rpc.call<string>('eth_blockNumber'));
  const mined: MinedTransaction[] = [];
  const blockTimes = new Map<number, number>();
  for (let number = sinceBlock; number <= last; number++) {
    const name = `0x${number.toString(16)}`;
    const { timestamp } = await rpc.call<{ timestamp: string }>('eth_getBlockByNumber', name, false);
    blockTimes.set(number, Number(timestamp));
    const receipts = await rpc.call<readonly Receipt[]>('eth_getBlockReceipts', name);
    const own = receipts.filter(({ from }) => senders.has(from.toLowerCase()));
    mined.push(
      ...own.map(({ transactionHash, from, status }) => ({
        hash: transactionHash,
        from: from.toLowerCase(),
        blockNumber: number,
        succeeded: status === '0x1',
      })),
    );
  }
  const { balanceOf } = testToken.reads;
  const nonces = new Map<string, number>();
  const paid = new Map<string, number[]>();
  for (const { address } of payers) {
    const counts = Array.from({ length: payments }, () => 0);
    await inParallel([...counts.keys()], LANES, async (index) => {
      const data = balanceOf.encode(payee(address, index));
      const balance = await rpc.call<string>('eth_call', { to: at.token, data }, 'latest');
      counts[index] = Number(balanceOf.decodeOutput(balance) / PAYMENT);
    });
    paid.set(address.toLowerCase(), counts);
    nonces.set(
      address.toLowerCase(),
      Number(await rpc.call<string>('eth_getTransactionCount', address, 'pending')),
    );
  }
  return { mined, blockTimes, nonces, paid };
}
