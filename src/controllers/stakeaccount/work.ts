import type { Immutable } from '../../api/kube-object.ts';
import type { StakeAccount } from '../../api/stake-account.ts';
import { engineParts } from '../../chain/engine/engine-parts.ts';
import { type RoundReport, engineRound } from '../../chain/engine/round.ts';
import type { AccountState, Miner, MovePlan } from '../../chain/protocols/protocol.ts';
import type { ChainReader } from '../../chain/rpc/chain-reader.ts';
import type { GuardedSigner } from '../../chain/signing/guarded-signer.ts';
import type { UsableNetwork } from '../networks/network-view.ts';
import type { RewardLook } from '../rewards/reward-look.ts';
import { enginePolicyOf } from './engine-policy-of.ts';
import type { Goal } from './goal.ts';
import { intentsOf } from './intentions.ts';
import type { KubeOutbox } from './outbox.ts';

/** An account as one block has it, what it is to be like, and what to do next. */
export interface Picture {
  readonly state: AccountState;
  readonly miners: readonly Miner[];
  readonly goal: Goal;
  readonly plan: MovePlan;
  /** Absent: the network has no rewards. */
  readonly rewards?: RewardLook | undefined;
}

/** What a picture is drawn from besides the chain. */
export type Draw = (state: AccountState, miners: readonly Miner[], rewards?: RewardLook) => Picture;

export interface WorkOrder {
  readonly account: Immutable<StakeAccount>;
  readonly network: UsableNetwork;
  /** As of the block of {@link network}. */
  readonly state: AccountState;
  readonly signer: GuardedSigner;
  readonly outbox: KubeOutbox;
  readonly draw: Draw;
  /** Miners as they were read last, if the state still has so many: spares reading them again. */
  readonly minersIf: (state: AccountState) => readonly Miner[] | undefined;
  /** What the account has earned, as of the block of the reader. */
  readonly rewardsAt?: (reader: ChainReader) => Promise<RewardLook | undefined>;
  readonly now: () => number;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

/** What came of the work: the picture that it was done from, and the engine's report; undefined when others wrote all the time. */
export interface Worked {
  readonly picture: Picture;
  readonly report: RoundReport | undefined;
}

/**
 * Reads the account at one block of one node, and does what that asks for.
 * @throws ApiError, RpcError, MulticallError; nothing is lost by it, do it again later
 */
export async function work(order: WorkOrder): Promise<Worked> {
  const { account, network, signer, outbox, signal, now } = order;
  const { pool, chainId, protocol, finality } = network;
  const { address } = account.spec;
  const reader = await pool.reader({ signal });
  const [picture, nonce] = await Promise.all([readPicture(order, reader), reader.nonce(address)]);
  const grounds = { chainId: Number(chainId), address, nonce };
  const { name, namespace = '' } = account.metadata;
  const report = await engineRound(
    {
      account: { name, namespace, address },
      chainId: Number(chainId),
      intents: (entries, view) => intentsOf(picture.plan.moves, grounds, entries, view),
      policy: enginePolicyOf(account.spec, network, order.dryRun),
    },
    engineParts({ pool, at: reader, signer, outbox, finality, abis: protocol.abis, now, signal }),
  );
  return { picture, report };
}

async function readPicture(order: WorkOrder, reader: ChainReader): Promise<Picture> {
  const { network, account, draw, minersIf, rewardsAt } = order;
  const { protocol } = network;
  const { address } = account.spec;
  const [state, rewards] = await Promise.all([stateAt(order, reader), rewardsAt?.(reader)]);
  return draw(state, minersIf(state) ?? (await protocol.readMiners(reader, address)), rewards);
}

/** The look at the network was most often at the same block: then it need not be read again. */
async function stateAt({ network, account, state }: WorkOrder, reader: ChainReader): Promise<AccountState> {
  if (reader.block.hash === network.block.hash) {
    return state;
  }
  const [read] = await network.protocol.readAccounts(reader, network.facts, [account.spec.address]);
  if (read === undefined) {
    throw new Error('a protocol answers with a state for each address');
  }
  return read;
}
