import { type RewardClaim, ProtocolMismatch } from '../../chain/protocols/protocol.ts';
import { finalBlock } from '../../chain/reads/finality.ts';
import { MulticallError } from '../../chain/reads/multicall.ts';
import type { ChainReader } from '../../chain/rpc/chain-reader.ts';
import { readerAt } from '../../chain/rpc/reader-at.ts';
import { RpcError } from '../../chain/rpc/rpc-error.ts';
import type { RewardOrder } from './reward-board.ts';
import { countedEpochs } from './reward-ledger.ts';
import type { RewardLook } from './reward-look.ts';

type Found = Pick<RewardLook, 'claims' | 'paid' | 'isSettling' | 'baseFeePerGas'>;

/**
 * What the chain says of claims that are not counted yet: at the reader's block, and of those that are paid there at the latest final one.
 * @throws RpcError, MulticallError, ProtocolMismatch
 */
export async function readRewards(
  order: RewardOrder & { readonly claims: readonly RewardClaim[] },
  reader: ChainReader,
): Promise<Found> {
  const { account, network } = order;
  const { baseFeePerGas } = reader.block;
  const { address } = account.spec;
  const protocol = network.protocol.rewards;
  const isCounted = countedEpochs(account.status);
  const told = order.claims.filter(({ epoch }) => !isCounted(epoch));
  const named = new Set(told.map(({ epoch }) => epoch));
  const open = (account.status?.rewards?.open ?? []).map(({ epoch }) => epoch);
  const untold = open.filter((epoch) => !named.has(epoch));
  if (protocol === undefined || told.length + untold.length === 0) {
    return { claims: [], paid: new Set(), isSettling: false, baseFeePerGas };
  }
  const [claims, paidUntold] = await Promise.all([
    told.length === 0 ? [] : protocol.readClaims(reader, network.facts, address, told),
    untold.length === 0 ? new Set<number>() : protocol.readPaid(reader, network.facts, address, untold),
  ]);
  const paidNow = [
    ...claims.filter(({ standing }) => standing === 'Claimed').map(({ epoch }) => epoch),
    ...paidUntold,
  ];
  const paid = paidNow.length === 0 ? new Set<number>() : await readFinallyPaid(order, reader, paidNow);
  return { claims, paid, isSettling: paid.size < paidNow.length, baseFeePerGas };
}

/** Where the final block cannot be read nothing is final. */
async function readFinallyPaid(
  { account, network }: RewardOrder,
  reader: ChainReader,
  epochs: readonly number[],
): Promise<ReadonlySet<number>> {
  try {
    const block = await finalBlock(reader, network.finality);
    return block === undefined || network.protocol.rewards === undefined
      ? new Set()
      : await network.protocol.rewards.readPaid(
          readerAt(reader, block),
          network.facts,
          account.spec.address,
          epochs,
        );
  } catch (error) {
    if (error instanceof RpcError || error instanceof MulticallError || error instanceof ProtocolMismatch) {
      return new Set();
    }
    throw error;
  }
}
