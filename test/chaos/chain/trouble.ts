import type { Anvil } from './anvil.ts';
import { type BadEndpoints, USUAL_RULES } from './bad-endpoints.ts';
import type { Random } from './random.ts';
import type { MempoolRules } from './strict-mempool.ts';

/** What happens to the chain, and how often it has happened. */
export const CHAIN_TROUBLES = ['reorganisations', 'drops', 'spikes', 'dearTips', 'dearBumps'] as const;

export type ChainTrouble = (typeof CHAIN_TROUBLES)[number];

/** Of a hundred blocks so many come with each. */
const PERCENT: Readonly<Record<ChainTrouble, number>> = {
  reorganisations: 4,
  drops: 3,
  spikes: 3,
  dearTips: 3,
  dearBumps: 4,
};

export interface ChainFigures extends Readonly<Record<ChainTrouble, number>> {
  /** Blocks of the deepest reorganisation. */
  readonly deepest: number;
  readonly blocks: number;
}

const GWEI = 10n ** 9n;
const DEEPEST = 12;

/** What goes wrong on the chain itself. */
export interface TroubledChain {
  /** A block is mined, and perhaps something goes wrong before. */
  block(): Promise<void>;
  /** A block is mined, and gas is cheap. */
  calmBlock(): Promise<void>;
  figures(): ChainFigures;
}

/** @param endpoints absent: no mempool asks for more than usual */
export function troubledChain(
  anvil: Anvil,
  random: Random,
  endpoints: BadEndpoints | undefined,
): TroubledChain {
  const figures = {
    reorganisations: 0,
    drops: 0,
    spikes: 0,
    dearTips: 0,
    dearBumps: 0,
    deepest: 0,
    blocks: 0,
  };
  const baseFee = (wei: bigint): Promise<unknown> =>
    anvil.rpc('anvil_setNextBlockBaseFeePerGas', `0x${wei.toString(16)}`);

  const rule = (rules: Partial<MempoolRules>): Promise<void> => {
    endpoints?.mempool.setRules({ ...USUAL_RULES, ...rules });
    return Promise.resolve();
  };

  const happens: Readonly<Record<ChainTrouble, () => Promise<unknown>>> = {
    async reorganisations() {
      const depth = 1 + random(DEEPEST);
      figures.deepest = Math.max(figures.deepest, depth);
      await anvil.rpc('anvil_reorg', depth, []);
    },
    drops: () => anvil.rpc('anvil_dropAllTransactions'),
    spikes: () => baseFee(BigInt(60 + random(300)) * GWEI),
    // Up to twice what is suggested: some replacements come so far, and some never will.
    dearTips: () => rule({ minTipWei: (USUAL_RULES.minTipWei * BigInt(101 + random(100))) / 100n }),
    // More than the engine raises at a time.
    dearBumps: () => rule({ bumpPercent: BigInt(15 + random(30)) }),
  };

  async function mine(): Promise<void> {
    await anvil.rpc('evm_mine');
    figures.blocks++;
  }

  async function cheap(): Promise<void> {
    await baseFee(GWEI);
    await rule({});
  }

  return {
    figures: () => ({ ...figures }),
    async block() {
      const trouble = thrown(random(100));
      if (trouble !== undefined) {
        figures[trouble]++;
        await happens[trouble]();
      } else if (random(DEAR_BLOCKS) === 0) {
        await cheap();
      } else {
        await baseFee(GWEI);
      }
      await mine();
    },
    async calmBlock() {
      await cheap();
      await mine();
    },
  };
}

/** For how many blocks a mempool asks for more than usual, about. */
const DEAR_BLOCKS = 6;

function thrown(dice: number): ChainTrouble | undefined {
  let left = dice;
  return CHAIN_TROUBLES.find((trouble) => {
    left -= PERCENT[trouble];
    return left < 0;
  });
}
