import { Secrets } from '../../src/api/builtin.ts';
import { ChainTransactions } from '../../src/api/chain-transaction.ts';
import { findCondition } from '../../src/api/conditions.ts';
import { API_VERSION } from '../../src/api/group.ts';
import type { Manifest } from '../../src/api/kube-object.ts';
import { type MinerPool, MinerPools } from '../../src/api/miner-pool.ts';
import { type StakeAccount, StakeAccounts } from '../../src/api/stake-account.ts';
import type { StakingNetwork } from '../../src/api/staking-network.ts';
import type { ContractRead, ContractWrite } from '../../src/chain/contracts/binding.ts';
import { epochRewards } from '../../src/chain/contracts/generated/epoch-rewards.ts';
import { minerRegistry } from '../../src/chain/contracts/generated/miner-registry.ts';
import { stakeManager } from '../../src/chain/contracts/generated/stake-manager.ts';
import { testToken } from '../../src/chain/contracts/generated/test-token.ts';
import { type NetworkAddresses, deployNetwork } from '../../src/devcluster/local-chain/deploy.ts';
import { type LocalChain, startLocalChain } from '../../src/devcluster/local-chain/local-chain.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { anvilAccount } from './anvil-account.ts';

/** One token of 18 decimals. */
export const TOKEN = 10n ** 18n;

/** What a miner of one unit needs: 100 tokens. */
export const PER_REPLICA = 100n;

/** Who has a role on the chain, by the place of the account. Accounts from 5 on have none. */
const ROLES = { deployer: 0, governor: 1, guardian: 2, slasher: 3, poster: 4 } as const;

/** A chain with the reference contracts and a block each second, and everything to look past the operator at it. */
export interface StakeWorld {
  readonly chain: LocalChain;
  readonly at: NetworkAddresses;
  /** Address of the account at a place of the phrase, and its key. */
  person(index: number): { readonly address: string; readonly key: string };
  send<Args extends readonly unknown[]>(
    from: number,
    to: string,
    write: ContractWrite<Args, unknown>,
    ...args: Args
  ): Promise<void>;
  read<Args extends readonly unknown[], Output>(
    to: string,
    read: ContractRead<Args, Output>,
    ...args: Args
  ): Promise<Output>;
  /** Gives tokens. */
  fund(address: string, tokens: bigint): Promise<void>;
  /** Provisioned and not thawing, in the smallest unit. */
  provisioned(address: string): Promise<bigint>;
  miners(address: string): Promise<readonly string[]>;
  network(spec?: object): Manifest<StakingNetwork>;
  stop(): Promise<void>;
}

export interface StakeWorldOptions {
  readonly epochSeconds?: number;
  readonly thawingSeconds?: number;
}

export async function startStakeWorld(options: StakeWorldOptions = {}): Promise<StakeWorld> {
  const { epochSeconds = 3600, thawingSeconds = 86_400 } = options;
  const chain = await startLocalChain({ accounts: 12, blockTimeSeconds: 1 });
  const { rpc } = chain;
  const addressOf = (role: keyof typeof ROLES): string => anvilAccount(ROLES[role]).address;
  const at = await deployNetwork({
    rpc,
    from: addressOf('deployer'),
    roles: {
      governor: addressOf('governor'),
      guardian: addressOf('guardian'),
      slasher: addressOf('slasher'),
      poster: addressOf('poster'),
    },
    parameters: {
      maxThawingPeriod: 28n * 86_400n,
      terms: {
        stakePerUnit: 90n * TOKEN,
        stakePerMiner: 10n * TOKEN,
        minThawingPeriod: BigInt(thawingSeconds),
        minVerifierCut: 100_000n,
      },
      epochLength: BigInt(epochSeconds),
      challengeDelay: 2n,
    },
  });

  const send: StakeWorld['send'] = async (from, to, write, ...args) => {
    const tx = { from: anvilAccount(from).address, to, data: write.encode(...args) };
    const hash = await rpc.call<string>('eth_sendTransaction', tx);
    for (;;) {
      const receipt = await rpc.call<{ status: string } | null>('eth_getTransactionReceipt', hash);
      if (receipt !== null) {
        if (receipt.status !== '0x1') {
          throw new Error(`${write.signature} was reverted`);
        }
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const read: StakeWorld['read'] = async (to, call, ...args) =>
    call.decodeOutput(await rpc.call<string>('eth_call', { to, data: call.encode(...args) }, 'latest'));

  return {
    chain,
    at,
    person: anvilAccount,
    send,
    read,
    fund: (address, tokens) => send(ROLES.deployer, at.token, testToken.writes.mint, address, tokens),
    async provisioned(address) {
      const held = await read(at.stakeManager, stakeManager.reads.provisionOf, address, at.minerRegistry);
      return held.tokens - held.tokensThawing;
    },
    async miners(address) {
      const miners = await read(at.minerRegistry, minerRegistry.reads.minersOf, address, 0n, 1000n);
      return miners.map(({ id }) => id);
    },
    network: (spec = {}) =>
      ({
        apiVersion: API_VERSION,
        kind: 'StakingNetwork',
        metadata: { name: 'devnet' },
        spec: {
          chainId: chain.chainId,
          endpoints: [{ name: 'anvil', url: chain.url }],
          protocol: { headframe: { minerRegistry: at.minerRegistry, epochRewards: at.epochRewards } },
          pollSeconds: 1,
          confirmations: 1,
          fees: { maxTransactionCost: '1' },
          ...spec,
        },
      }) as unknown as Manifest<StakingNetwork>,
    stop: () => chain.stop(),
  };
}

/** Whether the account has checked in in the epoch. */
export function checkedIn(world: StakeWorld, address: string, epoch: bigint): Promise<boolean> {
  return world.read(world.at.epochRewards, epochRewards.reads.checkedIn, address, epoch);
}

/** Writes the objects of a pool with stake, and reads what becomes of them. */
export interface StakeObjects {
  account(name: string, person: number, spec?: object): Promise<void>;
  pool(name: string, spec: object): Promise<void>;
  accountNow(name: string): Promise<StakeAccount>;
  poolNow(name: string): Promise<MinerPool>;
  /** `status reason` of a condition of an account. */
  condition(name: string, type: string): Promise<string>;
  /** Kinds and outcomes of the account's transactions, in their order. */
  transactions(account: string): Promise<readonly string[]>;
  patchAccount(name: string, patch: object): Promise<void>;
  patchPool(name: string, patch: object): Promise<void>;
}

const NAMESPACE = 'default';

export function stakeObjects(client: KubeClient, world: StakeWorld): StakeObjects {
  const key = (name: string): { namespace: string; name: string } => ({ namespace: NAMESPACE, name });
  return {
    async account(name, person, spec = {}) {
      const { address, key: privateKey } = world.person(person);
      await client.create(Secrets, {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: key(`${name}-key`),
        data: { key: Buffer.from(privateKey).toString('base64') },
      });
      await client.create(StakeAccounts, {
        apiVersion: API_VERSION,
        kind: 'StakeAccount',
        metadata: key(name),
        spec: {
          networkRef: { name: 'devnet' },
          address,
          mode: 'Manage',
          signer: { type: 'PlainKey', plainKey: { keyFrom: { name: `${name}-key`, key: 'key' } } },
          stake: { max: '100000' },
          spendCap: { perDay: '10', reservedForDuties: '1' },
          ...spec,
        },
      } as unknown as Manifest<StakeAccount>);
    },
    async pool(name, spec) {
      await client.create(MinerPools, {
        apiVersion: API_VERSION,
        kind: 'MinerPool',
        metadata: key(name),
        spec: {
          template: {
            spec: { containers: [{ name: 'miner', image: 'miner:1' }], terminationGracePeriodSeconds: 1 },
          },
          ...spec,
        },
      } as unknown as Manifest<MinerPool>);
    },
    accountNow: (name) => client.get(StakeAccounts, key(name)),
    poolNow: (name) => client.get(MinerPools, key(name)),
    async condition(name, type) {
      const { status } = await client.get(StakeAccounts, key(name));
      const found = findCondition(status?.conditions, type);
      return `${found?.status} ${found?.reason}`;
    },
    async transactions(account) {
      const { items } = await client.list(ChainTransactions, { namespace: NAMESPACE });
      return items
        .filter(({ spec }) => spec.accountRef.name === account)
        .sort((a, b) => a.spec.sequence - b.spec.sequence)
        .map(({ spec, status }) => `${spec.intent.kind} ${status?.outcome ?? 'open'}`);
    },
    async patchAccount(name, patch) {
      await client.mergePatch(StakeAccounts, key(name), patch);
    },
    async patchPool(name, patch) {
      await client.mergePatch(MinerPools, key(name), patch);
    },
  };
}
