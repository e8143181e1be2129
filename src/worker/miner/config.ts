import { readFileSync } from 'node:fs';

/** What one miner is told through its environment. */
export interface MinerConfig {
  /** TCP port of /metrics and /healthz. `PORT`, default 8080. */
  readonly port: number;
  /** Name in log lines. `MINER_NAME`, else `HOSTNAME`, else `miner`. */
  readonly name: string;
  /** What is searched over; two miners with the same seed do the same work. `SEED`, or the content of `SEED_FILE`; default the name. */
  readonly seed: Buffer;
  /** Leading zero bits of a share. `DIFFICULTY_BITS`, 1 to 64, default 18: some 260,000 hashes. */
  readonly difficultyBits: number;
  /** Share of one core that the search may use. `TARGET_UTILISATION`, above 0 to 1, default 0.01: twenty miners leave a laptop to its user. */
  readonly targetUtilisation: number;
}

/** @throws Error that names the variable and what it may be */
export function minerConfig(env: Readonly<Record<string, string | undefined>>): MinerConfig {
  const name = env['MINER_NAME'] ?? env['HOSTNAME'] ?? 'miner';
  return {
    port: numberIn(env, 'PORT', { fallback: 8080, min: 0, max: 65_535, integer: true }),
    name,
    seed: seedOf(env, name),
    difficultyBits: numberIn(env, 'DIFFICULTY_BITS', { fallback: 18, min: 1, max: 64, integer: true }),
    targetUtilisation: numberIn(env, 'TARGET_UTILISATION', {
      fallback: 0.01,
      min: 0.001,
      max: 1,
      integer: false,
    }),
  };
}

function seedOf(env: Readonly<Record<string, string | undefined>>, fallback: string): Buffer {
  const file = env['SEED_FILE'];
  if (file === undefined || file === '') {
    return Buffer.from(env['SEED'] ?? fallback);
  }
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`SEED_FILE cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

interface Range {
  fallback: number;
  min: number;
  max: number;
  integer: boolean;
}

function numberIn(env: Readonly<Record<string, string | undefined>>, name: string, range: Range): number {
  const text = env[name];
  if (text === undefined || text === '') {
    return range.fallback;
  }
  const value = Number(text);
  if (!(value >= range.min && value <= range.max) || (range.integer && !Number.isInteger(value))) {
    const kind = range.integer ? 'a whole number' : 'a number';
    throw new Error(`${name} is "${text}"; it must be ${kind} from ${range.min} to ${range.max}`);
  }
  return value;
}
