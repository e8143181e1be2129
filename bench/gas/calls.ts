import { encodeBytes32String, id, Wallet, ZeroAddress, ZeroHash } from 'ethers';
import { epochRewards } from '../../src/chain/contracts/generated/epoch-rewards.ts';
import { minerRegistry } from '../../src/chain/contracts/generated/miner-registry.ts';
import { stakeManager } from '../../src/chain/contracts/generated/stake-manager.ts';
import { type RewardTree, rewardTree } from '../../src/chain/contracts/reward-tree.ts';
import { DAY, type GasNetwork, HOUR } from './network.ts';

const TOKEN = 10n ** 18n;
const manager = stakeManager.writes;
const registry = minerRegistry.writes;
const rewards = epochRewards.writes;

/** The life of stake: in, provisioned, thawed, slashed, out. */
export async function stakeCalls({ at, provider, service, measure, pass }: GasNetwork): Promise<void> {
  const own = (call: readonly [string, string], data: string): Promise<void> =>
    measure(call, provider, at.stakeManager, data);
  const thaw = manager.thaw.encode(provider, service, TOKEN);

  await own(['stake', 'the first of the provider'], manager.stake.encode(1000n * TOKEN));
  await own(['stake', 'later'], manager.stake.encode(1000n * TOKEN));
  await own(['provision', ''], manager.provision.encode(provider, service, 500n * TOKEN, 500_000n, DAY));
  await own(['addToProvision', ''], manager.addToProvision.encode(provider, service, TOKEN));
  await own(['stakeToProvision', ''], manager.stakeToProvision.encode(provider, service, TOKEN));
  await own(['setOperator', ''], manager.setOperator.encode(service, ZeroAddress, true));
  await own(['thaw', 'the first of the provision'], thaw);
  await own(['thaw', 'later'], thaw);
  const slash = manager.slash.encode(provider, 10n * TOKEN, TOKEN, provider);
  await measure(['slash', 'with thawing stake and a reward'], service, at.stakeManager, slash);
  await pass(DAY);
  await own(['deprovision', '2 requests'], manager.deprovision.encode(provider, service, 0n));
  for (let i = 0; i < 100; i++) {
    await own(['thaw', 'later'], thaw);
  }
  await pass(DAY);
  await own(['deprovision', '100 requests, the most'], manager.deprovision.encode(provider, service, 0n));
  await own(['unstake', ''], manager.unstake.encode(TOKEN));
}

/** Miners come, move and go. */
export async function minerCalls({ at, provider, governor, measure }: GasNetwork): Promise<void> {
  const own = (call: readonly [string, string], data: string): Promise<void> =>
    measure(call, provider, at.minerRegistry, data);
  const name = (index: number): string => encodeBytes32String(`miner-${index}`);
  const endpointHash = id('https://miner.example');
  const provision = manager.provision.encode(provider, at.minerRegistry, 600n * TOKEN, 500_000n, DAY);
  const some = Array.from({ length: 10 }, (_, i) => ({ id: name(10 + i), endpointHash, milliUnits: 7915n }));

  await measure(['provision', ''], provider, at.stakeManager, provision);
  await own(
    ['register', 'the first of the provider'],
    registry.register.encode(provider, name(1), endpointHash, 7915n),
  );
  await own(['register', 'later'], registry.register.encode(provider, name(2), endpointHash, 7915n));
  await own(['registerMany', '10 miners'], registry.registerMany.encode(provider, some));
  await own(['setEndpoint', ''], registry.setEndpoint.encode(provider, name(1), ZeroHash));
  await own(['deregister', ''], registry.deregister.encode(provider, name(1)));
  const last = some.slice(5).map((miner) => miner.id);
  await own(['deregisterMany', '5 miners'], registry.deregisterMany.encode(provider, last));
  await own(['deregisterAndThaw', ''], registry.deregisterAndThaw.encode(provider, name(2)));
  const slash = registry.slash.encode(provider, name(10), TOKEN, 0n, ZeroAddress, ZeroHash);
  await measure(['slash', 'through the registry, all burned'], governor, at.minerRegistry, slash);
}

const PROVIDERS = 1000;
const EPOCHS = 6;

/** Duties and rewards of epochs in which a thousand providers earn. */
export async function rewardCalls(network: GasNetwork): Promise<void> {
  const { at, provider, governor, measure, pass } = network;
  const call = (name: readonly [string, string], from: string, data: string): Promise<void> =>
    measure(name, from, at.epochRewards, data);
  const others = Array.from({ length: PROVIDERS - 1 }, (_, i) => new Wallet(id(`provider ${i}`)).address);
  const trees: RewardTree[] = [];

  await call(['fund', ''], governor, rewards.fund.encode(10n ** 22n));
  for (let round = 0; round < EPOCHS; round++) {
    const epoch = await network.currentEpoch();
    const about = round === 0 ? 'the first of the provider' : 'later';
    await call(['checkIn', about], provider, rewards.checkIn.encode(provider, epoch));
    await pass(HOUR);
    const tree = rewardTree(
      epoch,
      [provider, ...others].map((earner) => ({ provider: earner, amount: TOKEN })),
    );
    trees.push(tree);
    await call(['postRoot', ''], governor, rewards.postRoot.encode(epoch, tree.root, tree.total));
  }
  const claims = trees.map((tree) => ({
    epoch: tree.epoch,
    amount: TOKEN,
    proof: tree.proofOf(provider) ?? [],
  }));
  const [first, second, ...rest] = claims;
  const about = `of ${PROVIDERS} providers`;
  if (first !== undefined && second !== undefined) {
    const paid = rewards.claim.encode(provider, first.epoch, first.amount, first.proof);
    await call(['claim', `${about}, the first`], provider, paid);
    await call(['setPayout', ''], provider, rewards.setPayout.encode(ZeroAddress, true));
    const restaked = rewards.claim.encode(provider, second.epoch, second.amount, second.proof);
    await call(['claim', `${about}, restaked`], provider, restaked);
  }
  await call(['setPayout', ''], provider, rewards.setPayout.encode(ZeroAddress, false));
  await call(
    ['claimMany', `${about}, ${rest.length} epochs`],
    provider,
    rewards.claimMany.encode(provider, rest),
  );
}
