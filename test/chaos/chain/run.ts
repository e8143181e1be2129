import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { type ChainTransaction, ChainTransactions } from '../../../src/api/chain-transaction.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { sleep, systemClock } from '../../../src/time/clock.ts';
import { type Anvil, startAnvil } from './anvil.ts';
import { countIntents, deployCounter, testKeys } from './counter.ts';
import type { EnginesConfig } from './engines.ts';
import type { Operator, OperatorMaker } from './operators-here.ts';
import { type Verdict, judge } from './verdict.ts';

export interface ChaosOptions {
  readonly accounts: number;
  readonly intentsPerAccount: number;
  /** How often an operator is killed. */
  readonly kills: number;
  /** How many of a hundred troubles are kills. Default 8. */
  readonly killPercent?: number;
  /** How many operators work on the same accounts at a time: more than one, when a lease was stolen. */
  readonly operators: number;
  readonly window: number;
  readonly seed: number;
  /** After so many milliseconds it ends, whatever is done. */
  readonly limitMs: number;
  readonly capEth: string;
  readonly writeAheadOff?: boolean;
  readonly client: KubeClient;
  readonly maker: OperatorMaker;
  readonly progress?: (text: string) => void;
}

export interface ChaosFigures {
  readonly kills: number;
  readonly reorganisations: number;
  readonly deepest: number;
  readonly drops: number;
  readonly spikes: number;
  readonly blocks: number;
  readonly seconds: number;
}

const GWEI = 10n ** 9n;
const DEEPEST = 12;
/** Blocks before anything happens, so that there is something to reorganise. */
const FIRST_BLOCKS = 20;

/** Kills, reorganises, forgets and makes gas dear, until enough was killed; then waits until everything is final, and judges. */
export async function runChaos(options: ChaosOptions): Promise<{ verdict: Verdict; figures: ChaosFigures }> {
  const { accounts, client, maker, seed } = options;
  const begin = Date.now();
  const keys = testKeys(accounts + 1);
  const deployer = keys[accounts]!;
  const anvil = await startAnvil(accounts + 1);
  const random = randomOf(seed);
  try {
    const contract = await deployCounter(anvil, deployer.address);
    await anvil.rpc('anvil_mine', FIRST_BLOCKS);
    const config: EnginesConfig = {
      urls: [anvil.url],
      contract,
      accounts: keys.slice(0, accounts),
      intentsPerAccount: options.intentsPerAccount,
      window: options.window,
      capEth: options.capEth,
      writeAheadOff: options.writeAheadOff ?? false,
    };
    const operators = await startAll(options, config);
    const world = { anvil, random, operators, config, options, tally: newTally() };
    while (world.tally.kills < options.kills && Date.now() - begin < options.limitMs) {
      await trouble(world);
    }
    await calm(world, begin + options.limitMs);
    await Promise.all(operators.map((operator) => operator.kill()));
    const wanted = config.accounts.map(({ address }) =>
      countIntents(address, contract, options.intentsPerAccount),
    );
    const verdict = await judge({ anvil, contract, wanted, entries: await entriesOf(client), config });
    return { verdict, figures: { ...world.tally, seconds: Math.round((Date.now() - begin) / 1000) } };
  } finally {
    await anvil.stop();
    await maker.close();
  }
}

interface ChaosWorld {
  readonly anvil: Anvil;
  readonly random: (below: number) => number;
  readonly operators: Operator[];
  readonly config: EnginesConfig;
  readonly options: ChaosOptions;
  readonly tally: ReturnType<typeof newTally>;
}

function newTally(): Record<Exclude<keyof ChaosFigures, 'seconds'>, number> {
  return { kills: 0, reorganisations: 0, deepest: 0, drops: 0, spikes: 0, blocks: 0 };
}

function startAll({ operators, maker }: ChaosOptions, config: EnginesConfig): Promise<Operator[]> {
  return Promise.all(Array.from({ length: operators }, () => maker.start(config)));
}

/** One thing goes wrong, or a block is mined. */
async function trouble(world: ChaosWorld): Promise<void> {
  const { anvil, random, tally, options } = world;
  const { killPercent = 8 } = options;
  const dice = random(100) - killPercent;
  if (dice < 0) {
    const victim = random(world.operators.length);
    await world.operators[victim]!.kill();
    world.operators[victim] = await options.maker.start(world.config);
    tally.kills++;
    if (tally.kills % 10 === 0) {
      options.progress?.(`${tally.kills} kills, ${tally.reorganisations} reorganisations`);
    }
  } else if (dice < 4) {
    const depth = 1 + random(DEEPEST);
    await anvil.rpc('anvil_reorg', depth, []);
    tally.reorganisations++;
    tally.deepest = Math.max(tally.deepest, depth);
  } else if (dice < 7) {
    await anvil.rpc('anvil_dropAllTransactions');
    tally.drops++;
  } else if (dice < 10) {
    await baseFee(anvil, BigInt(60 + random(300)) * GWEI);
    tally.spikes++;
  } else {
    await baseFee(anvil, GWEI);
  }
  await anvil.rpc('evm_mine');
  tally.blocks++;
  await sleep(systemClock, 10 + random(40));
}

async function baseFee(anvil: Anvil, wei: bigint): Promise<void> {
  await anvil.rpc('anvil_setNextBlockBaseFeePerGas', `0x${wei.toString(16)}`);
}

/** Blocks go on, and nothing else happens, until every transaction has ended and every intent has been entered. */
async function calm({ anvil, options, config }: ChaosWorld, until: number): Promise<void> {
  const wanted = config.accounts.length * options.intentsPerAccount;
  while (Date.now() < until) {
    const entries = await entriesOf(options.client);
    const confirmed = new Set(
      entries.filter(({ status }) => status?.outcome === 'Confirmed').map(({ spec }) => spec.intent.id),
    );
    if (confirmed.size >= wanted && entries.every(({ status }) => status?.outcome !== undefined)) {
      return;
    }
    await baseFee(anvil, GWEI);
    await anvil.rpc('evm_mine');
    await sleep(systemClock, 60);
  }
}

async function entriesOf(client: KubeClient): Promise<ChainTransaction[]> {
  return (await client.list(ChainTransactions, { namespace: 'default' })).items;
}

function randomOf(seed: number): (below: number) => number {
  const generator = xoroshiro128plus(seed);
  return (below) => uniformInt(generator, 0, below - 1);
}
