import { epochRewards } from '../../src/chain/contracts/generated/epoch-rewards.ts';
import { testToken } from '../../src/chain/contracts/generated/test-token.ts';
import { deployNetwork, type NetworkAddresses } from '../../src/devcluster/local-chain/deploy.ts';
import { type LocalChain, startLocalChain } from '../../src/devcluster/local-chain/local-chain.ts';

/** Gas that one call took. */
export interface GasUse {
  readonly call: string;
  /** What about it makes a difference. */
  readonly about: string;
  readonly gas: number;
}

/** The reference contracts on a local chain, and what calls of them have cost. */
export interface GasNetwork {
  readonly at: NetworkAddresses;
  readonly governor: string;
  readonly provider: string;
  readonly service: string;
  readonly uses: readonly GasUse[];
  /** @throws Error when the call reverts: what reverts has no price worth knowing */
  readonly measure: (
    call: readonly [name: string, about: string],
    from: string,
    to: string,
    data: string,
  ) => Promise<void>;
  readonly currentEpoch: () => Promise<bigint>;
  readonly pass: (seconds: bigint) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export const DAY = 86_400n;
export const HOUR = 3600n;

interface GasReceipt {
  readonly status: string;
  readonly gasUsed: string;
}

export async function startGasNetwork(): Promise<GasNetwork> {
  const chain = await startLocalChain();
  const [governor = '', provider = '', service = ''] = chain.accounts;
  const at = await deployNetwork({
    rpc: chain.rpc,
    from: governor,
    roles: { governor, guardian: governor, slasher: governor, poster: governor },
    parameters: {
      maxThawingPeriod: 28n * DAY,
      terms: { stakePerUnit: 10n ** 18n, stakePerMiner: 0n, minThawingPeriod: 0n, minVerifierCut: 0n },
      epochLength: HOUR,
      challengeDelay: 0n,
    },
  });
  const uses: GasUse[] = [];
  for (const person of [governor, provider]) {
    for (const spender of [at.stakeManager, at.epochRewards]) {
      await send(chain, person, at.token, testToken.writes.mint.encode(person, 10n ** 24n));
      await send(chain, person, at.token, testToken.writes.approve.encode(spender, 2n ** 256n - 1n));
    }
  }
  return {
    at,
    governor,
    provider,
    service,
    uses,
    async measure([call, about], from, to, data) {
      uses.push({ call, about, gas: await send(chain, from, to, data) });
    },
    async currentEpoch() {
      const { currentEpoch } = epochRewards.reads;
      const call = { to: at.epochRewards, data: currentEpoch.encode() };
      return currentEpoch.decodeOutput(await chain.rpc.call<string>('eth_call', call, 'latest'));
    },
    async pass(seconds) {
      await chain.rpc.call('evm_increaseTime', Number(seconds));
      await chain.rpc.call('evm_mine');
    },
    stop: () => chain.stop(),
  };
}

async function send(chain: LocalChain, from: string, to: string, data: string): Promise<number> {
  const transaction = { from, to, data, gas: '0x1c9c380' };
  const receipt = await chain.rpc.call<GasReceipt>('eth_sendTransactionSync', transaction);
  if (receipt.status !== '0x1') {
    throw new Error(`a call of ${to} reverted: ${data.slice(0, 10)}`);
  }
  return Number(receipt.gasUsed);
}
