import { ZeroHash } from 'ethers';
import { tokenUnits } from '../../amounts/amount.ts';
import { epochRewards } from '../../contracts/generated/epoch-rewards.ts';
import { minerRegistry } from '../../contracts/generated/miner-registry.ts';
import type { Terms } from '../../contracts/generated/miner-registry.ts';
import { stakeManager } from '../../contracts/generated/stake-manager.ts';
import type { ChainReader } from '../../rpc/chain-reader.ts';
import { ProtocolMismatch } from '../protocol.ts';
import type { Epoch, NetworkFacts, StakeTerms, Token } from '../protocol.ts';
import { contractsRecord } from './addresses.ts';
import { question } from './ask.ts';
import type { Ask } from './ask.ts';
import { askToken } from './token.ts';

/** What the spec says of a network. */
export interface HeadframeContracts {
  readonly minerRegistry: string;
  readonly epochRewards: string | undefined;
}

interface RegistryAnswers {
  readonly stakeManager: string;
  readonly terms: Terms;
  readonly paused: boolean;
}

/** When epochs begin. */
interface EpochClock {
  /** Seconds. */
  readonly epochLength: bigint;
  /** Seconds since 1970. */
  readonly genesis: bigint;
}

interface RewardsAnswers extends EpochClock {
  readonly registry: string;
  readonly paused: boolean;
}

interface StakeAnswers {
  readonly stakeManager: string;
  readonly token: Token;
  readonly paused: boolean;
}

/**
 * Reads the facts of one network, again and again. Which StakeManager and token there are is known only when the registry has answered;
 * from the second time on they are asked together with it, in the hope that they are the same: one `eth_call` in place of three.
 */
export function factsReader(
  spec: HeadframeContracts,
): (reader: ChainReader, ask: Ask) => Promise<NetworkFacts> {
  let expected: StakeAnswers | undefined;
  let epochs: EpochClock | undefined;

  return async (reader, ask) => {
    const guess = epochs;
    const [registry, rewards, early, earlyRoot] = await Promise.all([
      askRegistry(ask, spec.minerRegistry),
      spec.epochRewards === undefined ? undefined : askRewards(ask, spec.epochRewards),
      expected && askStake(ask, expected.stakeManager, expected.token.address).catch(ifNone),
      guess && askLastRoot(reader, ask, spec, guess),
    ]);
    requireSameRegistry(spec, rewards);
    const isStill = early?.stakeManager === registry.stakeManager;
    const [stake, root] = await Promise.all([
      isStill ? early : findStake(ask, registry.stakeManager),
      isSameClock(guess, rewards) ? earlyRoot : rewards && askLastRoot(reader, ask, spec, rewards),
    ]);
    [expected, epochs] = [stake, rewards];
    return factsOf(reader, spec, { registry, rewards, stake, root });
  };
}

async function askRegistry(ask: Ask, to: string): Promise<RegistryAnswers> {
  const at = { contract: minerRegistry.name, to };
  const { reads } = minerRegistry;
  const [manager, terms, paused] = await Promise.all([
    ask(question(at, reads.stakeManager)),
    ask(question(at, reads.terms)),
    ask(question(at, reads.paused)),
  ]);
  return { stakeManager: manager, terms, paused };
}

async function askRewards(ask: Ask, to: string): Promise<RewardsAnswers> {
  const at = { contract: epochRewards.name, to };
  const { reads } = epochRewards;
  const [registry, epochLength, genesis, paused] = await Promise.all([
    ask(question(at, reads.registry)),
    ask(question(at, reads.epochLength)),
    ask(question(at, reads.genesis)),
    ask(question(at, reads.paused)),
  ]);
  return { registry, epochLength, genesis, paused };
}

function isSameClock(a: EpochClock | undefined, b: EpochClock | undefined): boolean {
  return a?.genesis === b?.genesis && a?.epochLength === b?.epochLength;
}

/** The root of the epoch before the block's; undefined when none is posted. */
async function askLastRoot(
  reader: ChainReader,
  ask: Ask,
  { epochRewards: to = '' }: HeadframeContracts,
  clock: EpochClock,
): Promise<string | undefined> {
  const { number } = epochAt(reader.block.timestamp, clock);
  if (number < 1) {
    return undefined;
  }
  const at = { contract: epochRewards.name, to };
  const { root } = await ask(question(at, epochRewards.reads.rootOf, BigInt(number - 1)));
  return root === ZeroHash ? undefined : root;
}

async function findStake(ask: Ask, manager: string): Promise<StakeAnswers> {
  const token = await ask(question({ contract: stakeManager.name, to: manager }, stakeManager.reads.token));
  const found = await askStake(ask, manager, token);
  if (found === undefined) {
    throw new ProtocolMismatch(`the StakeManager ${manager} named two tokens at one block`);
  }
  return found;
}

/** Undefined when the StakeManager has another token. */
async function askStake(ask: Ask, manager: string, expected: string): Promise<StakeAnswers | undefined> {
  const at = { contract: stakeManager.name, to: manager };
  const [address, paused, token] = await Promise.all([
    ask(question(at, stakeManager.reads.token)),
    ask(question(at, stakeManager.reads.paused)),
    askToken(ask, expected),
  ]);
  return address === expected ? { stakeManager: manager, token, paused } : undefined;
}

/** What was expected is not there any more: it is looked for. */
function ifNone(error: unknown): undefined {
  if (!(error instanceof ProtocolMismatch)) {
    throw error;
  }
}

/** @throws ProtocolMismatch */
function requireSameRegistry(spec: HeadframeContracts, rewards: RewardsAnswers | undefined): void {
  if (rewards !== undefined && rewards.registry !== spec.minerRegistry) {
    throw new ProtocolMismatch(
      `the EpochRewards ${spec.epochRewards ?? ''} is of the MinerRegistry ${rewards.registry}, not of ${spec.minerRegistry}: ` +
        'name the two that belong together',
    );
  }
}

interface Answers {
  readonly registry: RegistryAnswers;
  readonly rewards: RewardsAnswers | undefined;
  readonly stake: StakeAnswers;
  /** Of the epoch before the present one. */
  readonly root: string | undefined;
}

function factsOf(
  reader: ChainReader,
  spec: HeadframeContracts,
  { registry, rewards, stake, root }: Answers,
): NetworkFacts {
  const pauses = [
    [minerRegistry.name, registry.paused],
    [stakeManager.name, stake.paused],
    [epochRewards.name, rewards?.paused === true],
  ] as const;
  return {
    token: stake.token,
    terms: stakeTerms(registry.terms),
    epoch: rewards && epochAt(reader.block.timestamp, rewards),
    ...(root === undefined ? {} : { lastRoot: root }),
    paused: pauses.filter(([, paused]) => paused).map(([name]) => name),
    contracts: contractsRecord({
      ...spec,
      stakeManager: stake.stakeManager,
      token: stake.token.address,
    }),
  };
}

function stakeTerms({ stakePerMiner, stakePerUnit, minThawingPeriod, minVerifierCut }: Terms): StakeTerms {
  return {
    stakePerMiner: tokenUnits(stakePerMiner),
    stakePerUnit: tokenUnits(stakePerUnit),
    thawingSeconds: Number(minThawingPeriod),
    maxVerifierCutPpm: Number(minVerifierCut),
  };
}

/** @param timestamp of the block, seconds since 1970 */
function epochAt(timestamp: number, { epochLength, genesis }: EpochClock): Epoch {
  const seconds = Number(epochLength);
  const number = Math.floor((timestamp - Number(genesis)) / seconds);
  const startsAt = (Number(genesis) + number * seconds) * 1000;
  return { number, startsAt, endsAt: startsAt + seconds * 1000 };
}
