import fc from 'fast-check';
import { encodeBytes32String, ZeroAddress, ZeroHash } from 'ethers';
import { epochRewards } from '../../../../src/chain/contracts/generated/epoch-rewards.ts';
import { minerRegistry } from '../../../../src/chain/contracts/generated/miner-registry.ts';
import { stakeManager } from '../../../../src/chain/contracts/generated/stake-manager.ts';
import { DAY, type Network, parameters } from '../network.ts';
import {
  epochOf,
  type Model,
  type Outcome,
  type Provider,
  PROVIDERS,
  type Service,
  SERVICES,
} from './network-model.ts';
import * as rewards from './reward-rules.ts';
import * as stakes from './stake-rules.ts';

export interface Transaction {
  readonly from: string;
  readonly to: string;
  readonly data: string;
}

/** A call, and what the model says of it. `apply` is asked when the model's time is that of the block of the call. */
export interface Attempt {
  readonly transaction: Transaction;
  readonly apply: () => Outcome;
}

/** Something that somebody tries. */
export interface Step {
  readonly text: string;
  attempt(model: Model, network: Network): Attempt;
}

type Call = (model: Model, network: Network) => Transaction;

function step(text: string, call: Call, apply: (model: Model) => Outcome): Step {
  return {
    text,
    attempt: (model, network) => ({ transaction: call(model, network), apply: () => apply(model) }),
  };
}

const toManager =
  (from: (network: Network) => string, data: (network: Network) => string): Call =>
  (_model, network) => ({ from: from(network), to: network.at.stakeManager, data: data(network) });
const toRegistry =
  (from: (network: Network) => string, data: (network: Network) => string): Call =>
  (_model, network) => ({ from: from(network), to: network.at.minerRegistry, data: data(network) });

const serviceAddress = (network: Network, service: Service): string =>
  service === 'registry' ? network.at.minerRegistry : network.who.service;

const provider = fc.constantFrom(...PROVIDERS);
const service = fc.constantFrom(...SERVICES);
// Small, so that they meet and round; now and then of the size of real stakes.
const tokens = fc.oneof(
  { weight: 8, arbitrary: fc.bigInt({ min: 1n, max: 1500n }) },
  { weight: 4, arbitrary: fc.bigInt({ min: 1n, max: 9n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: 10n ** 18n, max: 10n ** 25n }) },
);
const miner = fc.constantFrom('one', 'two', 'three');
const manager = stakeManager.writes;
const registry = minerRegistry.writes;

function stakeStep(who: Provider, amount: bigint): Step {
  return step(
    `${who} stakes ${amount}`,
    toManager(
      ({ who: { [who]: from } }) => from,
      () => manager.stake.encode(amount),
    ),
    (model) => stakes.stake(model, who, amount),
  );
}

const stake = fc.tuple(provider, tokens).map(([who, amount]) => stakeStep(who, amount));

const unstake = fc.tuple(provider, tokens).map(([who, amount]) =>
  step(
    `${who} unstakes ${amount}`,
    toManager(
      ({ who: { [who]: from } }) => from,
      () => manager.unstake.encode(amount),
    ),
    (model) => stakes.unstake(model, who, amount),
  ),
);

function provisionStep(made: stakes.Provisioning): Step {
  return step(
    `${made.provider} provisions ${made.tokens} at ${made.service}`,
    toManager(
      ({ who }) => who[made.provider],
      (network) =>
        manager.provision.encode(
          network.who[made.provider],
          serviceAddress(network, made.service),
          made.tokens,
          made.cut,
          made.period,
        ),
    ),
    (model) => stakes.provision(model, made),
  );
}

const cut = fc.constantFrom(100_000n, 333_333n, 1_000_000n);
const period = fc.constantFrom(DAY, 2n * DAY);
const provision = fc.record({ provider, service, tokens, cut, period }).map(provisionStep);

const provisionCalls = { addToProvision: stakes.addToProvision, thaw: stakes.thaw } as const;
const moves = fc
  .tuple(
    fc.constantFrom('addToProvision' as const, 'thaw' as const, 'thaw' as const),
    provider,
    service,
    tokens,
  )
  .map(([name, who, where, amount]) =>
    step(
      `${who} ${name} ${amount} at ${where}`,
      toManager(
        ({ who: { [who]: from } }) => from,
        (network) => manager[name].encode(network.who[who], serviceAddress(network, where), amount),
      ),
      (model) => provisionCalls[name](model, who, where, amount),
    ),
  );

const deprovision = fc.tuple(provider, service, fc.bigInt({ min: 0n, max: 2n })).map(([who, where, count]) =>
  step(
    `${who} deprovisions ${count} requests at ${where}`,
    toManager(
      ({ who: { [who]: from } }) => from,
      (network) => manager.deprovision.encode(network.who[who], serviceAddress(network, where), count),
    ),
    (model) => stakes.deprovision(model, who, where, count),
  ),
);

const slash = fc.record({ provider, service, tokens, reward: fc.bigInt({ min: 0n, max: 60n }) }).map((done) =>
  step(
    `${done.service} slashes ${done.tokens} of ${done.provider} for a reward of ${done.reward}`,
    (_model, { who, at }) => {
      const { tokens: taken, reward } = done;
      const from = who[done.provider];
      return done.service === 'registry'
        ? {
            from: who.slasher,
            to: at.minerRegistry,
            data: registry.slash.encode(from, ZeroHash, taken, reward, who.stranger, ZeroHash),
          }
        : {
            from: who.service,
            to: at.stakeManager,
            data: manager.slash.encode(from, taken, reward, who.stranger),
          };
    },
    (model) => stakes.slash(model, done),
  ),
);

const register = fc.tuple(provider, miner, fc.bigInt({ min: 1n, max: 9000n })).map(([who, id, milliUnits]) =>
  step(
    `${who} registers ${id} of ${milliUnits}`,
    toRegistry(
      ({ who: { [who]: from } }) => from,
      (network) => registry.register.encode(network.who[who], encodeBytes32String(id), ZeroHash, milliUnits),
    ),
    (model) => stakes.register(model, who, id, milliUnits),
  ),
);

const removals = fc
  .tuple(
    fc.constantFrom('deregister' as const, 'deregisterAndThaw' as const, 'eject' as const),
    provider,
    miner,
  )
  .map(([name, who, id]) =>
    step(
      `${name} ${id} of ${who}`,
      toRegistry(
        (network) => (name === 'eject' ? network.who.stranger : network.who[who]),
        (network) => registry[name].encode(network.who[who], encodeBytes32String(id)),
      ),
      (model) => stakes[name](model, who, id),
    ),
  );

/** Keys that are nobody's, and an operator at another service, try to take stake out. */
const theft = fc
  .tuple(fc.constantFrom('stranger' as const, 'operator' as const), provider, service, tokens)
  .map(([thief, who, where, amount]) =>
    step(
      `${thief} thaws ${amount} of ${who} at ${where}`,
      toManager(
        (network) => network.who[thief],
        (network) => manager.thaw.encode(network.who[who], serviceAddress(network, where), amount),
      ),
      () => 'NotAuthorized',
    ),
  );

/** The epoch of the block that a call will be in. */
const nextEpoch = (model: Model): bigint => epochOf(model, model.now + 1n);
const call = epochRewards.writes;

const checkIn = fc.tuple(provider, fc.constantFrom(0n, 0n, 0n, 1n, -1n)).map(([who, off]): Step => ({
  text: `${who} checks in for the current epoch + ${off}`,
  attempt(model, { who: people, at }) {
    const wanted = nextEpoch(model) + off;
    const epoch = wanted < 0n ? 0n : wanted;
    return {
      transaction: {
        from: people[who],
        to: at.epochRewards,
        data: call.checkIn.encode(people[who], epoch),
      },
      apply: () => rewards.checkIn(model, who, epoch),
    };
  },
}));

function fundStep(amount: bigint): Step {
  return step(
    `somebody funds ${amount}`,
    (_model, { who, at }) => ({ from: who.deployer, to: at.epochRewards, data: call.fund.encode(amount) }),
    (model) => rewards.fund(model, amount),
  );
}

const fund = tokens.map(fundStep);

const reward = fc.bigInt({ min: 0n, max: 300n });
const postRoot = fc
  .tuple(fc.constantFrom(1n, 1n, 1n, 2n, 3n, 0n), reward, fc.bigInt({ min: 1n, max: 300n }))
  .map(([back, alice, bob]): Step => ({
    text: `the poster posts ${alice} and ${bob}, ${back} epochs back`,
    attempt(model, { who, at }) {
      const wanted = nextEpoch(model) - back;
      const epoch = wanted < 0n ? 0n : wanted;
      const { root, total } = rewards.treeOf(model, epoch, { alice, bob });
      return {
        transaction: {
          from: who.poster,
          to: at.epochRewards,
          data: call.postRoot.encode(epoch, root, total),
        },
        apply: () => rewards.postRoot(model, epoch, { alice, bob }),
      };
    },
  }));

/** One of the posted epochs; 0 when there is none. */
function pick(model: Model, index: number): bigint {
  const epochs = [...model.roots.keys()];
  return epochs[index % Math.max(1, epochs.length)] ?? 0n;
}

const veto = fc.nat(9).map((index): Step => ({
  text: `the guardian vetoes root ${index}`,
  attempt(model, { who, at }) {
    const epoch = pick(model, index);
    return {
      transaction: { from: who.guardian, to: at.epochRewards, data: call.veto.encode(epoch) },
      apply: () => rewards.veto(model, epoch),
    };
  },
}));

const claim = fc
  .tuple(provider, fc.array(fc.nat(9), { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([who, indices, asOne]): Step => ({
    text: `${who} claims from roots ${indices.join(' and ')}`,
    attempt(model, { who: people, at }) {
      const epochs = indices.map((index) => pick(model, index));
      const claims = epochs.map((epoch) => claimOf(model, who, epoch));
      const [first] = claims;
      const single = asOne && claims.length === 1 && first !== undefined;
      const data = single
        ? call.claim.encode(people[who], first.epoch, first.amount, first.proof)
        : call.claimMany.encode(people[who], claims);
      return {
        transaction: { from: people.stranger, to: at.epochRewards, data },
        apply: () => rewards.claim(model, who, epochs),
      };
    },
  }));

function claimOf(
  model: Model,
  who: Provider,
  epoch: bigint,
): { epoch: bigint; amount: bigint; proof: readonly string[] } {
  const root = model.roots.get(epoch);
  const proof = root?.tree.proofOf(model.addresses[who]) ?? [];
  return { epoch, amount: root?.rewards[who] ?? 0n, proof };
}

const payout = fc.tuple(provider, fc.boolean()).map(([who, restake]) =>
  step(
    `${who} wants rewards ${restake ? 'restaked' : 'paid'}`,
    (_model, { who: people, at }) => ({
      from: people[who],
      to: at.epochRewards,
      data: call.setPayout.encode(ZeroAddress, restake),
    }),
    (model) => {
      model.accounts[who].restake = restake;
      return undefined;
    },
  ),
);

/** What has happened before: alice is at both services, bob at one, and there are rewards to give. */
export const prelude: readonly Step[] = [
  stakeStep('alice', 9000n),
  stakeStep('bob', 5000n),
  provisionStep({ provider: 'alice', service: 'registry', tokens: 4000n, cut: 333_333n, period: DAY }),
  provisionStep({ provider: 'alice', service: 'service', tokens: 3000n, cut: 1_000_000n, period: DAY }),
  provisionStep({ provider: 'bob', service: 'registry', tokens: 3000n, cut: 100_000n, period: 2n * DAY }),
  fundStep(3000n),
];

/** What people do in a network, the frequent more often. */
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: stake },
  { weight: 1, arbitrary: provision },
  { weight: 10, arbitrary: moves },
  { weight: 4, arbitrary: deprovision },
  { weight: 2, arbitrary: unstake },
  { weight: 8, arbitrary: slash },
  { weight: 5, arbitrary: register },
  { weight: 2, arbitrary: removals },
  { weight: 1, arbitrary: theft },
  { weight: 2, arbitrary: checkIn },
  { weight: 1, arbitrary: fund },
  { weight: 3, arbitrary: postRoot },
  { weight: 1, arbitrary: veto },
  { weight: 4, arbitrary: claim },
  { weight: 1, arbitrary: payout },
);

/** Seconds that pass between steps: within an epoch, over its end, over a thaw. */
export const anyPause: fc.Arbitrary<bigint> = fc.constantFrom(
  10n,
  parameters.challengeDelay,
  parameters.epochLength,
  DAY,
  2n * DAY,
);
