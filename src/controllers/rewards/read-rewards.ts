import type { RewardClaim, RewardProtocol } from '../../chain/protocols/protocol.ts';
import type { ChainReader } from '../../chain/rpc/chain-reader.ts';
import type { RewardOrder } from './reward-board.ts';
import { countedEpochs } from './reward-ledger.ts';
import type { RewardLook, SeenBlock } from './reward-look.ts';

type Found = Pick<RewardLook, 'claims' | 'paid' | 'settling' | 'waitsFor' | 'baseFeePerGas'>;

/** What is to be looked at. */
export interface RewardQuestion extends RewardOrder {
  /** As they are told. */
  readonly claims: readonly RewardClaim[];
  /** Of the latest block that is final; -1 where none is. */
  readonly finalNumber: () => Promise<number>;
}

/**
 * What the chain says of claims that are not counted yet, at the reader's block. Nodes need not have the state of older ones: what is seen
 * to be paid in a block is final when that block is.
 * @throws RpcError, MulticallError, ProtocolMismatch
 */
export async function readRewards(question: RewardQuestion, reader: ChainReader): Promise<Found> {
  const { account, network } = question;
  const { baseFeePerGas } = reader.block;
  const protocol = network.protocol.rewards;
  const isCounted = countedEpochs(account.status);
  const told = question.claims.filter(({ epoch }) => !isCounted(epoch));
  const named = new Set(told.map(({ epoch }) => epoch));
  const open = (account.status?.rewards?.open ?? []).map(({ epoch }) => epoch);
  const untold = open.filter((epoch) => !named.has(epoch));
  if (protocol === undefined || told.length + untold.length === 0) {
    return { claims: [], paid: new Set(), settling: new Map(), waitsFor: undefined, baseFeePerGas };
  }
  const { claims, paidNow } = await readNow(protocol, { ...question, told, untold }, reader);
  const { paid, settling } = await settledOf(question, paidNow, reader);
  const isAllSettling = settling.size === told.length + untold.length;
  const waitsFor = isAllSettling
    ? Math.min(...[...settling.values()].map(({ number }) => number))
    : undefined;
  return { claims, paid, settling, waitsFor, baseFeePerGas };
}

async function readNow(
  protocol: RewardProtocol,
  {
    account,
    network,
    told,
    untold,
  }: RewardOrder & { readonly told: readonly RewardClaim[]; readonly untold: readonly number[] },
  reader: ChainReader,
): Promise<{ readonly claims: RewardLook['claims']; readonly paidNow: readonly number[] }> {
  const { address } = account.spec;
  const [claims, paidUntold] = await Promise.all([
    told.length === 0 ? [] : protocol.readClaims(reader, network.facts, address, told),
    untold.length === 0 ? new Set<number>() : protocol.readPaid(reader, network.facts, address, untold),
  ]);
  const paidTold = claims.filter(({ standing }) => standing === 'Claimed').map(({ epoch }) => epoch);
  return { claims, paidNow: [...paidTold, ...paidUntold] };
}

/** Which of the claims that are paid are so in a final block. Where a block was undone the reader's is the first that is known. */
async function settledOf(
  { account, finalNumber }: RewardQuestion,
  epochs: readonly number[],
  reader: ChainReader,
): Promise<Pick<RewardLook, 'paid' | 'settling'>> {
  const { number, hash } = reader.block;
  const seen = new Map(account.status?.rewards?.open.map(({ epoch, paidBlock }) => [epoch, paidBlock]));
  const final = epochs.some((epoch) => seen.get(epoch) !== undefined) ? await finalNumber() : -1;
  const paid = new Set<number>();
  const settling = new Map<number, SeenBlock>();
  for (const epoch of epochs) {
    const at = seen.get(epoch);
    const isDue = at !== undefined && at.number <= final;
    const block = isDue ? await reader.blockAt(at.number) : undefined;
    if (block !== undefined && block.hash === at?.hash) {
      paid.add(epoch);
    } else {
      settling.set(epoch, block === undefined && at !== undefined ? at : { number, hash });
    }
  }
  return { paid, settling };
}
