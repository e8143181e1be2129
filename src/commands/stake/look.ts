import { AmountError } from '../../chain/amounts/amount.ts';
import { chainViewReader } from '../../chain/engine/chain-view-reader.ts';
import { simulator } from '../../chain/engine/engine-parts.ts';
import { questionAbout } from '../../chain/engine/round.ts';
import { lastKnownNonce } from '../../chain/engine/scope.ts';
import type { Holdings } from '../../chain/protocols/protocol.ts';
import { ProtocolMismatch } from '../../chain/protocols/protocol.ts';
import { MulticallError } from '../../chain/reads/multicall.ts';
import type { ChainReader } from '../../chain/rpc/chain-reader.ts';
import { RpcError } from '../../chain/rpc/rpc-error.ts';
import type { UsableNetwork } from '../../controllers/networks/network-view.ts';
import { asksOf, poolsOf } from '../../controllers/stakeaccount/asks.ts';
import { enginePolicyOf } from '../../controllers/stakeaccount/engine-policy-of.ts';
import { drawWith, lingeringPools } from '../../controllers/stakeaccount/grounds.ts';
import { withdrawsAtEnd } from '../../controllers/stakeaccount/hold.ts';
import type { ProofSource } from '../../controllers/rewards/proof-source.ts';
import { ExitError } from '../exit-error.ts';
import { type Foresight, foresight } from './foresight.ts';
import { type Price, type PriceParts, priceOf } from './price.ts';
import type { AccountObjects } from './read-account.ts';
import { type StakePlan, stakePlan } from './report.ts';
import { lookAtRewards, planRewards } from './rewards.ts';

/** What a look is done with. */
export interface LookMeans {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Where it is told what accounts have earned. */
  readonly proofs: ProofSource;
}

/**
 * Reads the account at one block of one node, and works out what would be sent, by the very functions by which the operator does. Nothing
 * is signed, sent or written.
 * @throws ExitError of code 2 when the chain cannot be read, or an amount of the spec does not fit the token
 */
export async function lookAt(
  objects: AccountObjects,
  network: UsableNetwork,
  { now, proofs }: LookMeans,
): Promise<StakePlan> {
  try {
    return await look(objects, network, { now, proofs });
  } catch (error) {
    if ([RpcError, MulticallError, ProtocolMismatch, AmountError].some((kind) => error instanceof kind)) {
      throw new ExitError((error as Error).message, 2, { cause: error });
    }
    throw error;
  }
}

async function look(
  objects: AccountObjects,
  network: UsableNetwork,
  { now, proofs }: LookMeans,
): Promise<StakePlan> {
  const { account, pools, entries, tag, pods } = objects;
  const leaving = account.metadata.deletionTimestamp !== undefined && withdrawsAtEnd(account);
  const { asks, problems } = asksOf(poolsOf(account, pools), network, leaving);
  const lingering = lingeringPools(account, asks, pods);
  const draw = drawWith({ account, network, asks, lingering, entries, tag, leaving, now });
  const reader = await network.pool.reader();
  const [holdings, rewards] = await Promise.all([
    holdingsAt(reader, network, account.spec.address),
    lookAtRewards(objects, network, reader, proofs),
  ]);
  const foreseen = foresight(network, draw, { ...holdings, rewards }, Math.max(now, network.block.time));
  const prices = await pricesOf(foreseen, { objects, network, reader, now });
  const { number } = reader.block;
  return stakePlan({
    objects,
    network: { ...network, block: { number } },
    foresight: foreseen,
    prices,
    problems,
    rewards: planRewards(account, network, rewards),
  });
}

async function holdingsAt(
  reader: ChainReader,
  { protocol, facts }: UsableNetwork,
  address: string,
): Promise<Holdings> {
  const [[state], miners] = await Promise.all([
    protocol.readAccounts(reader, facts, [address]),
    protocol.readMiners(reader, address),
  ]);
  if (state === undefined) {
    throw new TypeError('a protocol answers with a state for each address');
  }
  return { state, miners };
}

interface Means {
  readonly objects: AccountObjects;
  readonly network: UsableNetwork;
  readonly reader: ChainReader;
  readonly now: number;
}

/** Only of what can be sent now: a node cannot tell what a call takes before those that it needs are done. */
async function pricesOf(
  { steps }: Foresight,
  { objects, network, reader, now }: Means,
): Promise<readonly Price[]> {
  const { account, entries } = objects;
  const { address } = account.spec;
  const views = chainViewReader({
    reader: () => Promise.resolve(reader),
    address,
    finality: network.finality,
  });
  const view = await views.read(entries.flatMap(questionAbout), lastKnownNonce(entries));
  const parts: PriceParts = {
    simulator: simulator({
      reader: () => Promise.resolve(reader),
      from: address,
      abis: network.protocol.abis,
    }),
    purse: { policy: enginePolicyOf(account.spec, network, false), entries, now, view },
    grounds: { chainId: Number(network.chainId), address, nonce: view.nonce },
  };
  return Promise.all(steps.filter(({ isNow }) => isNow).map(({ move }) => priceOf(move, parts)));
}
