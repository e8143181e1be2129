import { epochRewards } from '../../chain/contracts/generated/epoch-rewards.ts';
import { minerRegistry } from '../../chain/contracts/generated/miner-registry.ts';
import { testToken } from '../../chain/contracts/generated/test-token.ts';
import { type Reward, rewardTree } from '../../chain/contracts/reward-tree.ts';
import { type Clock, sleep, systemClock } from '../../time/clock.ts';
import { lookAt } from './chain-look.ts';
import type { NetworkAddresses } from './deploy.ts';
import type { JsonRpc } from './json-rpc.ts';
import { type ServedClaim, startProofsServer } from './proofs-server.ts';
import { transact } from './transact.ts';

/** How rewards are paid. */
export interface RewardPosterOptions {
  readonly rpc: JsonRpc;
  readonly at: NetworkAddresses;
  /** Address of an account that the node signs for, and that may post. It makes the tokens that it pays. */
  readonly poster: string;
  /** What a registered unit earns for an epoch, in the smallest unit of the token. */
  readonly amountPerUnit: bigint;
  /** Told of what failed; it is tried again. */
  readonly onError?: (error: unknown) => void;
  readonly clock?: Clock;
}

/** Who pays providers on a local chain. */
export interface RewardPoster {
  /** `http://127.0.0.1:PORT`, below which the claims of `<address in lower case>.json` are. */
  readonly proofsUrl: string;
  /** Waits for the transaction that is under way. */
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 250;
const MILLI_UNITS = 1000n;

/** The newest claims of a provider that are served. */
const SERVED_CLAIMS = 64;

/**
 * After each epoch pays everybody who has checked in in it, by the units that they had registered when they did: brings in the tokens,
 * posts the root, and then serves the proofs. All of it follows from the chain: one that is started again serves what was posted before.
 */
export async function startRewardPoster(options: RewardPosterOptions): Promise<RewardPoster> {
  const { clock = systemClock } = options;
  const book = createClaimBook();
  const server = await startProofsServer((provider) => book.of(provider));
  const stopping = new AbortController();
  const isStopping = (): boolean => stopping.signal.aborted;
  const run = async (): Promise<void> => {
    let next = 0n;
    while (!isStopping()) {
      try {
        for (const current = await currentEpoch(options); next < current && !isStopping(); next += 1n) {
          book.add(await payEpoch(options, next));
        }
      } catch (error) {
        options.onError?.(error);
      }
      await sleep(clock, LOOK_EVERY_MS, stopping.signal);
    }
  };
  const ended = run();
  return {
    proofsUrl: server.url,
    async stop() {
      stopping.abort();
      await ended;
      await server.stop();
    },
  };
}

/** The claims of one epoch, by the address of the provider in lower case. */
type EpochClaims = ReadonlyMap<string, ServedClaim>;

interface ClaimBook {
  add(claims: EpochClaims): void;
  of(provider: string): readonly ServedClaim[] | undefined;
}

function createClaimBook(): ClaimBook {
  const claims = new Map<string, readonly ServedClaim[]>();
  return {
    add(ofEpoch) {
      for (const [provider, claim] of ofEpoch) {
        claims.set(provider, [...(claims.get(provider) ?? []), claim].slice(-SERVED_CLAIMS));
      }
    },
    of: (provider) => claims.get(provider),
  };
}

function currentEpoch({ rpc, at }: RewardPosterOptions): Promise<bigint> {
  return lookAt(rpc).read(at.epochRewards, epochRewards.reads.currentEpoch);
}

/** Sees to it that the root of an epoch is posted. Its claims; none when somebody else has posted another root. */
async function payEpoch(options: RewardPosterOptions, epoch: bigint): Promise<EpochClaims> {
  const { rpc, at } = options;
  const rewards = await rewardsOf(options, epoch);
  if (rewards.length === 0) {
    return new Map();
  }
  const tree = rewardTree(epoch, rewards);
  const posted = await lookAt(rpc).read(at.epochRewards, epochRewards.reads.rootOf, epoch);
  if (BigInt(posted.root) === 0n) {
    await fund(options, tree.total);
    const data = epochRewards.writes.postRoot.encode(epoch, tree.root, tree.total);
    await send(options, at.epochRewards, data);
  } else if (posted.root !== tree.root) {
    return new Map();
  }
  return new Map(
    rewards.map(({ provider, amount }) => [
      provider.toLowerCase(),
      { epoch: Number(epoch), amount: String(amount), proof: tree.proofOf(provider) ?? [] },
    ]),
  );
}

async function rewardsOf(
  { rpc, at, amountPerUnit }: RewardPosterOptions,
  epoch: bigint,
): Promise<readonly Reward[]> {
  const checkIns = await lookAt(rpc).events(at.epochRewards, epochRewards.events.CheckedIn, { epoch });
  const rewards = await Promise.all(
    checkIns.map(async ({ fields: { provider }, block }) => {
      const { providerOf } = minerRegistry.reads;
      const { milliUnits } = await lookAt(rpc, block).read(at.minerRegistry, providerOf, provider);
      return { provider, amount: (milliUnits * amountPerUnit) / MILLI_UNITS };
    }),
  );
  return rewards.filter(({ amount }) => amount > 0n);
}

/** The poster makes tokens for so many epochs at once: each transaction takes a block. */
const STOCK_EPOCHS = 1000n;

/** Brings in what is missing for `total`: a root must be covered when it is posted. */
async function fund(options: RewardPosterOptions, total: bigint): Promise<void> {
  const { rpc, at, poster } = options;
  const look = lookAt(rpc);
  const missing = total - (await look.read(at.epochRewards, epochRewards.reads.unreserved));
  if (missing <= 0n) {
    return;
  }
  const allowance = await look.read(at.token, testToken.reads.allowance, poster, at.epochRewards);
  if (allowance < missing) {
    const stock = missing * STOCK_EPOCHS;
    await send(options, at.token, testToken.writes.mint.encode(poster, stock));
    await send(options, at.token, testToken.writes.approve.encode(at.epochRewards, stock));
  }
  await send(options, at.epochRewards, epochRewards.writes.fund.encode(missing));
}

async function send({ rpc, poster, clock }: RewardPosterOptions, to: string, data: string): Promise<void> {
  await transact(rpc, { from: poster, to, data }, clock);
}
