import { HDNodeWallet } from 'ethers';
import { testToken } from '../../../src/chain/contracts/generated/test-token.ts';
import { type NetworkAddresses, deployNetwork } from '../../../src/devcluster/local-chain/deploy.ts';
import { type LocalChain, startLocalChain } from '../../../src/devcluster/local-chain/local-chain.ts';
import { receiptOf } from '../../../src/devcluster/local-chain/transact.ts';
import { PAYMENT } from './payments.ts';

/** anvil's well-known phrase: money on every local chain, and on no other. */
const PHRASE = 'test test test test test test test test test test test junk';

/** Who sends transactions. */
export interface Payer {
  readonly name: string;
  readonly address: string;
  readonly key: string;
}

/** A chain with blocks at intervals, the reference contracts, and accounts with tokens. */
export interface BenchChain {
  readonly chain: LocalChain;
  readonly at: NetworkAddresses;
  readonly payers: readonly Payer[];
  stop(): Promise<void>;
}

export interface BenchChainOptions {
  readonly accounts: number;
  /** Each account gets tokens for so many. */
  readonly paymentsPerAccount: number;
  readonly blockTimeSeconds: number;
}

export async function startBenchChain({
  accounts,
  paymentsPerAccount,
  blockTimeSeconds,
}: BenchChainOptions): Promise<BenchChain> {
  // The first one deploys and has every role.
  const chain = await startLocalChain({ accounts: accounts + 1, blockTimeSeconds });
  try {
    const [deployer = ''] = chain.accounts;
    const { rpc } = chain;
    const at = await deployNetwork({
      rpc,
      from: deployer,
      roles: { governor: deployer, guardian: deployer, slasher: deployer, poster: deployer },
      parameters: {
        maxThawingPeriod: 86_400n,
        terms: { stakePerUnit: 10n ** 18n, stakePerMiner: 0n, minThawingPeriod: 60n, minVerifierCut: 0n },
        epochLength: 86_400n,
        challengeDelay: 2n,
      },
    });
    const payers = Array.from({ length: accounts }, (_, index) => {
      const wallet = HDNodeWallet.fromPhrase(PHRASE, '', `m/44'/60'/0'/0/${index + 1}`);
      return { name: `payer-${index}`, address: wallet.address, key: wallet.privateKey };
    });
    const tokens = PAYMENT * BigInt(paymentsPerAccount);
    const minting: string[] = [];
    for (const { address } of payers) {
      // One after the other, for the node gives them their nonces; all in one block.
      const data = testToken.writes.mint.encode(address, tokens);
      minting.push(await rpc.call<string>('eth_sendTransaction', { from: deployer, to: at.token, data }));
    }
    await Promise.all(minting.map((hash) => receiptOf(rpc, hash)));
    return { chain, at, payers, stop: () => chain.stop() };
  } catch (error) {
    await chain.stop();
    throw error;
  }
}
