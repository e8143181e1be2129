import { type ChainTransaction, ChainTransactions } from '../../../src/api/chain-transaction.ts';
import type { WantedIntent } from '../../../src/chain/engine/intent.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { sleep, systemClock } from '../../../src/time/clock.ts';
import { type Anvil, startAnvil } from './anvil.ts';
import { type BadEndpoints, type EndpointFigures, startBadEndpoints } from './bad-endpoints.ts';
import { balancesOf, countIntents, countOf, deployCounter, testKeys } from './counter.ts';
import type { ChaosAccount, EnginesConfig } from './engines.ts';
import { notHappened } from './happened.ts';
import type { Operator, OperatorMaker } from './operators-here.ts';
import { type Random, randomOf } from './random.ts';
import type { RefusalKind } from './strict-mempool.ts';
import { type ChainFigures, type TroubledChain, troubledChain } from './trouble.ts';
import { type Verdict, judge } from './verdict.ts';

export interface ChaosOptions {
  readonly accounts: number;
  /** At least: as long as it goes on, more are wanted, so that whoever is killed is at work. */
  readonly intentsPerAccount: number;
  /** How often an operator is killed, at least. */
  readonly kills: number;
  /** How many of a hundred blocks come with a kill. Default 8. */
  readonly killPercent?: number;
  /** How many operators work on the same accounts at a time: more than one, when a lease was stolen. */
  readonly operators: number;
  readonly window: number;
  readonly seed: number;
  /** After so many milliseconds it ends, whatever is done. */
  readonly limitMs: number;
  /** The cap of each account, in coins. */
  readonly capEth: string;
  /** The cap of one more account, too small for all that it is to do. Absent: there is none. */
  readonly poorCapEth?: string;
  /** Whether the operators see the chain through endpoints that fail and lie, and a strict mempool. Default true. */
  readonly badEndpoints?: boolean;
  /** What the mempool has to refuse for, at least once each. Default all. */
  readonly refusals?: readonly RefusalKind[];
  /** The operators send before they write down. It ends as soon as an effect has happened twice. */
  readonly writeAheadOff?: boolean;
  readonly client: KubeClient;
  readonly maker: OperatorMaker;
  readonly progress?: (text: string) => void;
}

export interface ChaosFigures extends ChainFigures, Partial<EndpointFigures> {
  readonly kills: number;
  /** Of the kills those that came while a transaction was under way. */
  readonly killsAtWork: number;
  readonly seconds: number;
}

/** Blocks before anything happens, so that there is something to reorganise. */
const FIRST_BLOCKS = 20;

/** Kills, and lets everything go wrong, until enough has; then waits until everything is final, and judges. */
export async function runChaos(options: ChaosOptions): Promise<{ verdict: Verdict; figures: ChaosFigures }> {
  const anvil = await startAnvil(options.accounts + 2);
  const endpoints = options.badEndpoints === false ? undefined : await startBadEndpoints(anvil, options.seed);
  try {
    return await runOn(anvil, endpoints, options);
  } finally {
    await endpoints?.close();
    await anvil.stop();
    await options.maker.close();
  }
}

async function runOn(
  anvil: Anvil,
  endpoints: BadEndpoints | undefined,
  options: ChaosOptions,
): Promise<{ verdict: Verdict; figures: ChaosFigures }> {
  const begin = Date.now();
  const keys = testKeys(options.accounts + 2);
  const contract = await deployCounter(anvil, keys[options.accounts + 1]!.address);
  await anvil.rpc('anvil_mine', FIRST_BLOCKS);
  const random = randomOf(options.seed);
  const chain = troubledChain(anvil, random, endpoints);
  const config: EnginesConfig = {
    urls: endpoints?.urls ?? [anvil.url],
    contract,
    accounts: accountsOf(options, keys),
    intentsPerAccount: 0,
    window: options.window,
    writeAheadOff: options.writeAheadOff ?? false,
  };
  const balances = await balancesOf(anvil, config.accounts);
  const crew = await startCrew(options, config);
  const figures = (): ChaosFigures => ({
    ...crew.figures(),
    ...chain.figures(),
    ...endpoints?.figures(),
    seconds: Math.round((Date.now() - begin) / 1000),
  });
  const wantedNow = (): WantedIntent[][] =>
    config.accounts.map(({ address }) => countIntents(address, contract, crew.wanted()));
  const isOver = async (): Promise<boolean> =>
    Date.now() - begin >= options.limitMs ||
    (config.writeAheadOff && (await hasHappenedTwice(anvil, contract, wantedNow().flat())));
  while (
    (crew.figures().kills < options.kills || notHappened(figures(), options).length > 0) &&
    !(await isOver())
  ) {
    await nextBlock({ chain, crew, random }, options);
  }
  const rich = config.accounts.filter(({ isPoor }) => !isPoor);
  const intents = rich.flatMap(({ address }) => countIntents(address, contract, crew.wanted()));
  await calm(chain, { client: options.client, rich, intents, isOver });
  await crew.killAll();
  const verdict = await judge({
    anvil,
    wanted: wantedNow(),
    entries: await entriesOf(options.client),
    config,
    balances,
  });
  const { patience = 0 } = figures();
  const problems = [
    ...verdict.problems,
    ...(config.writeAheadOff ? [] : notHappened(figures(), options)),
    ...(patience > 0 ? [`somebody waited for the end of ${patience} hanging answers`] : []),
  ];
  return { verdict: { ...verdict, problems }, figures: figures() };
}

function accountsOf(
  { accounts, capEth, poorCapEth }: ChaosOptions,
  keys: readonly Omit<ChaosAccount, 'capEth' | 'isPoor'>[],
): ChaosAccount[] {
  const rich = keys.slice(0, accounts).map((key) => ({ ...key, capEth, isPoor: false }));
  const poor = { ...keys[accounts]!, capEth: poorCapEth ?? '0', isPoor: true };
  return poorCapEth === undefined ? rich : [...rich, poor];
}

/** The operators of a run, some of which are killed now and then. */
interface Crew {
  /** Kills one, and starts another in its place. */
  kill(victim: number): Promise<void>;
  killAll(): Promise<void>;
  /** How many intents of each account the operator knows that was started last. */
  wanted(): number;
  figures(): Pick<ChaosFigures, 'kills' | 'killsAtWork'>;
}

/** What is wanted comes little by little, so that whoever is killed is at work. */
async function startCrew(options: ChaosOptions, config: EnginesConfig): Promise<Crew> {
  const { maker, intentsPerAccount, kills: enough, client } = options;
  let kills = 0;
  let killsAtWork = 0;
  const wanted = (): number => Math.ceil(intentsPerAccount * (enough === 0 ? 1 : (kills + 1) / enough));
  const start = (): Promise<Operator> => maker.start({ ...config, intentsPerAccount: wanted() });
  const operators = await Promise.all(Array.from({ length: options.operators }, start));
  return {
    async kill(victim) {
      const isAtWork = (await entriesOf(client)).some(({ status }) => status?.outcome === undefined);
      await operators[victim]!.kill();
      kills++;
      killsAtWork += isAtWork ? 1 : 0;
      operators[victim] = await start();
      if (kills % 10 === 0) {
        options.progress?.(`${kills} kills`);
      }
    },
    async killAll() {
      await Promise.all(operators.map((operator) => operator.kill()));
    },
    wanted,
    figures: () => ({ kills, killsAtWork }),
  };
}

interface ChaosWorld {
  readonly chain: TroubledChain;
  readonly crew: Crew;
  readonly random: Random;
}

async function nextBlock({ chain, crew, random }: ChaosWorld, options: ChaosOptions): Promise<void> {
  if (random(100) < (options.killPercent ?? 8)) {
    await crew.kill(random(options.operators));
  }
  await chain.block();
  await sleep(systemClock, 10 + random(40));
}

/** So many blocks are mined between two looks at what is still to do. */
const BLOCKS_A_LOOK = 5;

interface Unfinished {
  readonly client: KubeClient;
  /** Accounts that can do all that is wanted of them. */
  readonly rich: readonly ChaosAccount[];
  /** All that is wanted of them. */
  readonly intents: readonly WantedIntent[];
  readonly isOver: () => Promise<boolean>;
}

/** Blocks go on, endpoints fail and lie, and nothing else happens, until every intent is confirmed and every transaction has ended. */
async function calm(chain: TroubledChain, { client, rich, intents, isOver }: Unfinished): Promise<void> {
  const addresses = new Set(rich.map(({ address }) => address));
  while (!(await isOver())) {
    const entries = (await entriesOf(client)).filter(({ spec }) => addresses.has(spec.address));
    const confirmed = entries.filter(({ status }) => status?.outcome === 'Confirmed');
    const ids = new Set(confirmed.map(({ spec }) => spec.intent.id));
    if (
      intents.every(({ id }) => ids.has(id)) &&
      entries.every(({ status }) => status?.outcome !== undefined)
    ) {
      return;
    }
    for (let block = 0; block < BLOCKS_A_LOOK; block++) {
      await chain.calmBlock();
      await sleep(systemClock, 60);
    }
  }
}

async function hasHappenedTwice(
  anvil: Anvil,
  contract: string,
  intents: readonly WantedIntent[],
): Promise<boolean> {
  const counts = await Promise.all(intents.map(({ id }) => countOf(anvil, contract, id)));
  return counts.some((count) => count > 1);
}

async function entriesOf(client: KubeClient): Promise<ChainTransaction[]> {
  return (await client.list(ChainTransactions, { namespace: 'default' })).items;
}
