import { tokenUnits, wei } from '../../../../src/chain/amounts/amount.ts';
import type {
  AccountState,
  Desired,
  Epoch,
  Miner,
  NetworkFacts,
  StakeTerms,
} from '../../../../src/chain/protocols/protocol.ts';
import { required } from '../../../../src/chain/protocols/headframe/required.ts';

export const REGISTRY = '0x1111111111111111111111111111111111111111';
export const MANAGER = '0x2222222222222222222222222222222222222222';
export const TOKEN = '0x3333333333333333333333333333333333333333';
export const REWARDS = '0x4444444444444444444444444444444444444444';
export const ACCOUNT = '0x5555555555555555555555555555555555555555';

export const HOUR_MS = 3_600_000;
export const NOON = Date.UTC(2026, 0, 1, 12);

/** A V100 equivalent takes 100 units of the token, a miner 10 besides. */
export const terms: StakeTerms = {
  stakePerMiner: tokenUnits(10n),
  stakePerUnit: tokenUnits(100n),
  thawingSeconds: 86_400,
  maxVerifierCutPpm: 100_000,
};

/** From noon to one. */
export const epoch: Epoch = { number: 7, startsAt: NOON, endsAt: NOON + HOUR_MS };

export function facts(changes: Partial<NetworkFacts> = {}): NetworkFacts {
  return {
    token: { address: TOKEN, symbol: 'HFT', decimals: 18 },
    terms,
    epoch,
    paused: [],
    contracts: { MinerRegistry: REGISTRY, StakeManager: MANAGER, Token: TOKEN, EpochRewards: REWARDS },
    ...changes,
  };
}

type Amounts = Partial<
  Record<'coin' | 'walletTokens' | 'allowance' | 'idle' | 'provisioned' | 'thawing', bigint>
>;
type Counted = Partial<
  Pick<AccountState, 'hasProvision' | 'outdatedTerms' | 'miners' | 'milliUnits' | 'checkedIn'>
>;

/** An account that has stake at the registry, as much as it takes, and thaws with amounts and hours from noon on. */
export function account(
  { thaws = [], ...changes }: Amounts & Counted & { thaws?: readonly [tokens: bigint, hours: number][] } = {},
  under: StakeTerms = terms,
): AccountState {
  const { miners = 0, milliUnits = 0 } = changes;
  const thawing = thaws.reduce((sum, [tokens]) => sum + tokens, 0n);
  const amounts = { coin: 0n, walletTokens: 0n, allowance: 0n, idle: 0n, provisioned: 0n, thawing };
  return {
    address: ACCOUNT,
    hasProvision: true,
    miners,
    milliUnits,
    required: required(under, miners, milliUnits),
    checkedIn: false,
    ...({ ...amounts, ...changes } as Record<keyof typeof amounts, ReturnType<typeof tokenUnits>>),
    coin: wei(changes.coin ?? 0n),
    thaws: thaws.map(([tokens, hours]) => ({ tokens: tokenUnits(tokens), dueAt: NOON + hours * HOUR_MS })),
  };
}

export function desired(
  changes: Partial<Omit<Desired, 'provisioned' | 'maxStaked'>> & {
    provisioned?: bigint;
    maxStaked?: bigint;
  } = {},
): Desired {
  const { provisioned = 0n, maxStaked = 1_000_000n, ...others } = changes;
  return {
    releasesSurplus: false,
    register: [],
    deregister: [],
    checksIn: false,
    ...others,
    provisioned: tokenUnits(provisioned),
    maxStaked: tokenUnits(maxStaked),
  };
}

/** Miners of one V100 each, with ids that count up. */
export function minersFrom(first: number, count: number, milliUnits = 1000): Miner[] {
  return Array.from({ length: count }, (_, index) => ({ id: minerId(first + index), milliUnits }));
}

export function minerId(number: number): string {
  return `0x${number.toString(16).padStart(64, '0')}`;
}
