import assert from 'node:assert/strict';
import fc from 'fast-check';
import { epochRewards } from '../../../src/chain/contracts/generated/epoch-rewards.ts';
import { minerRegistry } from '../../../src/chain/contracts/generated/miner-registry.ts';
import { stakeManager } from '../../../src/chain/contracts/generated/stake-manager.ts';
import { testToken } from '../../../src/chain/contracts/generated/test-token.ts';
import { DAY, type Network, parameters, startNetwork } from './network.ts';
import { type Model, newModel, PROVIDERS } from './model/network-model.ts';
import { checkInvariants } from './model/observed.ts';
import { anyPause, anyStep, prelude, type Step, type Transaction } from './model/steps.ts';
import { refusalOf, type Receipt } from './traced-chain.ts';
import type { Frame } from './trace-coverage.ts';
import { searches } from '../../support/searches.ts';

/** Each is a network of its own with this many steps at most. */
const RUNS = searches(2);
const STEPS = 120;

/** Sends without a trace, and asks for one only when it was refused. */
async function send(network: Network, transaction: Transaction): Promise<string | undefined> {
  const { rpc } = network.chain;
  const receipt = await rpc.call<Receipt>('eth_sendTransactionSync', { ...transaction, gas: '0x7a1200' });
  if (receipt.status === '0x1') {
    return undefined;
  }
  const tracer = { tracer: 'callTracer' };
  return refusalOf(await rpc.call<Frame>('debug_traceTransaction', receipt.transactionHash, tracer)).name;
}

async function take(step: Step, model: Model, network: Network): Promise<void> {
  const { transaction, apply } = step.attempt(model, network);
  model.now += 1n;
  const expected = apply();

  assert.equal(await send(network, transaction), expected, step.text);
  await checkInvariants(network, model);
}

function stepCommand(step: Step): fc.AsyncCommand<Model, Network> {
  return {
    check: () => true,
    run: (model, network) => take(step, model, network),
    toString: () => step.text,
  };
}

function pauseCommand(seconds: bigint): fc.AsyncCommand<Model, Network> {
  return {
    check: () => true,
    async run(model, network) {
      await network.pass(seconds);
      model.now += seconds;
    },
    toString: () => `${seconds} s pass`,
  };
}

/** Everybody leaves: miners go, all stake thaws and is paid out. */
async function everybodyLeaves(network: Network): Promise<void> {
  const { who, at } = network;
  const services = [at.minerRegistry, who.service];
  for (const provider of PROVIDERS.map((name) => who[name])) {
    const miners = await network.read(at.minerRegistry, minerRegistry.reads.minersOf, provider, 0n, 10n);
    const ids = miners.map(({ id }) => id);
    await network.send(provider, at.minerRegistry, minerRegistry.writes.deregisterMany, provider, ids);
    const { reads, writes } = stakeManager;
    for (const service of services) {
      const free = await network.read(at.stakeManager, reads.availableStake, provider, service);
      if (free > 0n) {
        await network.send(provider, at.stakeManager, writes.thaw, provider, service, free);
      }
    }
    await network.pass(3n * DAY);
    for (const service of services) {
      const open = await network.read(at.stakeManager, reads.thawRequestsOf, provider, service);
      if (open.length > 0) {
        await network.send(provider, at.stakeManager, writes.deprovision, provider, service, 0n);
      }
    }
    const idle = await network.read(at.stakeManager, reads.idleStake, provider);
    if (idle > 0n) {
      await network.send(provider, at.stakeManager, writes.unstake, idle);
    }
  }
}

describe('contracts: in any order of calls', function () {
  this.timeout(120_000 + RUNS * 10_000);
  let network: Network;
  let prepared: Model;
  let clean = '';
  before(async () => {
    network = await startNetwork();
    const genesis = await network.read(network.at.epochRewards, epochRewards.reads.genesis);
    const { alice, bob } = network.who;
    await network.pass(5n * parameters.epochLength);
    prepared = newModel({ now: await network.now(), genesis, addresses: { alice, bob } });
    for (const step of prelude) {
      await take(step, prepared, network);
    }
    clean = await network.snapshot();
  });
  after(() => network.stop());

  it('tokens are conserved, nobody takes out more than is theirs, and the contracts do what the model does', async () => {
    const command = fc.oneof(
      { weight: 5, arbitrary: anyStep.map(stepCommand) },
      { weight: 2, arbitrary: anyPause.map(pauseCommand) },
    );
    await fc.assert(
      fc.asyncProperty(fc.commands([command], { maxCommands: STEPS, size: 'max' }), async (commands) => {
        await network.restore(clean);
        clean = await network.snapshot();
        await fc.asyncModelRun(() => ({ model: structuredClone(prepared), real: network }), commands);

        await everybodyLeaves(network);
        const left = await network.read(network.at.token, testToken.reads.balanceOf, network.at.stakeManager);
        assert.equal(left, 0n, 'nothing is left behind in StakeManager');
      }),
      { numRuns: RUNS, endOnFailure: false },
    );
  });
});
