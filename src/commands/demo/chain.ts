import { HDNodeWallet } from 'ethers';
import { testToken } from '../../chain/contracts/generated/test-token.ts';
import { deployNetwork, type NetworkAddresses } from '../../devcluster/local-chain/deploy.ts';
import { type LocalChain, startLocalChain } from '../../devcluster/local-chain/local-chain.ts';
import { type RewardPoster, startRewardPoster } from '../../devcluster/local-chain/reward-poster.ts';
import { transact } from '../../devcluster/local-chain/transact.ts';
import { ExitError } from '../exit-error.ts';
import type { Teardown } from './teardown.ts';

/** Ten to the power of the test token's decimals. */
const TOKEN = 10n ** 18n;

/** What a miner of one unit needs: 100 tokens. */
const STAKE_PER_UNIT = 90n * TOKEN;
const STAKE_PER_MINER = 10n * TOKEN;

/** Short enough to be watched. */
const EPOCH_SECONDS = 10n;
const CHALLENGE_SECONDS = 2n;
const THAWING_SECONDS = 60n;
const MAX_THAWING_SECONDS = 86_400n;
/** A tenth, in millionths: what a verifier may take of what it slashes. */
const MIN_VERIFIER_CUT_PPM = 100_000n;

/** What the provider has at first. */
const PURSE = 1000n * TOKEN;

/** What a registered unit earns for an epoch: no round number, as amounts are compared to the last unit. */
const AMOUNT_PER_UNIT = (4n * TOKEN) / 3n;

/** anvil's well-known phrase: money on every local chain, and on no other. */
const PHRASE = 'test test test test test test test test test test test junk';

/** Places of accounts in the phrase. */
const DEPLOYER = 0;
const POSTER = 1;
const PROVIDER = 2;

/** The chain of the demo, with the reference contracts on it. */
export interface DemoChain {
  readonly chain: LocalChain;
  readonly at: NetworkAddresses;
  /** Who stakes: has tokens, and coin for gas. */
  readonly provider: {
    readonly address: string;
    /** 0x and 64 hexadecimal digits; known to everybody. */
    readonly key: string;
  };
}

/** What the chain is started with. */
export interface ChainParts {
  readonly teardown: Teardown;
  /** Says what is going on. */
  readonly say: (message: string) => void;
}

/**
 * Starts anvil with a block a second and deploys the contracts, which takes some five blocks. Returns at once, so that the cluster can
 * start meanwhile; whatever becomes of it, the chain is ended by the teardown.
 * @throws ExitError when anvil is missing or does not start
 */
export function startDemoChain({ teardown, say }: ChainParts): Promise<DemoChain> {
  const started = startLocalChain({
    blockTimeSeconds: 1,
    onFailure: (logTail) => say(`the chain has ended:\n${logTail}`),
  });
  teardown.push('the chain', async () => {
    const chain = await started.catch(() => undefined);
    await chain?.stop();
  });
  const furnished = started.then(furnish).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new ExitError(`the demo has no chain: ${why}`, 1, { cause: error });
  });
  // Who waits for it hears of a failure; nobody may be waiting yet, or any more.
  furnished.catch(() => undefined);
  return furnished;
}

async function furnish(chain: LocalChain): Promise<DemoChain> {
  const { rpc } = chain;
  const deployer = account(DEPLOYER).address;
  const at = await deployNetwork({
    rpc,
    from: deployer,
    roles: {
      governor: deployer,
      guardian: deployer,
      slasher: deployer,
      poster: account(POSTER).address,
    },
    parameters: {
      maxThawingPeriod: MAX_THAWING_SECONDS,
      terms: {
        stakePerUnit: STAKE_PER_UNIT,
        stakePerMiner: STAKE_PER_MINER,
        minThawingPeriod: THAWING_SECONDS,
        minVerifierCut: MIN_VERIFIER_CUT_PPM,
      },
      epochLength: EPOCH_SECONDS,
      challengeDelay: CHALLENGE_SECONDS,
    },
  });
  const { address, privateKey } = account(PROVIDER);
  const data = testToken.writes.mint.encode(address, PURSE);
  await transact(rpc, { from: deployer, to: at.token, data });
  return { chain, at, provider: { address, key: privateKey } };
}

/** Starts what pays the providers after each epoch. */
export async function startRewards({ chain, at }: DemoChain, parts: ChainParts): Promise<RewardPoster> {
  let said = '';
  const poster = await startRewardPoster({
    rpc: chain.rpc,
    at,
    poster: account(POSTER).address,
    amountPerUnit: AMOUNT_PER_UNIT,
    onError(error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== said) {
        parts.say(`rewards could not be posted: ${message}`);
        said = message;
      }
    },
  });
  parts.teardown.push('the rewards', () => poster.stop());
  return poster;
}

function account(index: number): { readonly address: string; readonly privateKey: string } {
  return HDNodeWallet.fromPhrase(PHRASE, '', `m/44'/60'/0'/0/${index}`);
}
