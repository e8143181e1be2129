import { wei } from '../../../../src/chain/amounts/amount.ts';
import type { EnginePolicy } from '../../../../src/chain/engine/engine-policy.ts';
import { ENGINE_DEFAULTS } from '../../../../src/chain/engine/engine-policy.ts';
import type { NonceUser } from '../../../../src/chain/engine/chain-view.ts';
import type { WantedIntent } from '../../../../src/chain/engine/intent.ts';
import type { EngineParts } from '../../../../src/chain/engine/ports.ts';
import { type RoundOrder, engineRound } from '../../../../src/chain/engine/round.ts';
import { kubeOutbox } from '../../../../src/controllers/stakeaccount/outbox.ts';
import { type ModelChain, encode, modelChain } from './chain.ts';
import { type ModelStore, modelStore } from './store.ts';

export const ADDRESS = `0x${'a1'.repeat(20)}`;
export const CONTRACT = `0x${'c0'.repeat(20)}`;
export const CHAIN_ID = 31_337;

/** Deeper than any reorganisation of the model. */
export const FINAL_DEPTH = 14;

/** Thrown into an engine at an await: nothing of it goes on. */
class Killed extends Error {}

/** An engine that runs a step at a time, and can be killed between any two. */
export interface ModelEngine {
  /** Lets it go on to its next await; begins a round when none is under way. */
  step(): Promise<void>;
  /** Kills it; the next step begins as a new process, with nothing in memory. */
  kill(): Promise<void>;
  /** Runs whole rounds. */
  finish(): Promise<void>;
}

export interface ModelWorld {
  readonly chain: ModelChain;
  readonly store: ModelStore;
  readonly engines: readonly ModelEngine[];
  readonly policy: EnginePolicy;
  now: number;
  /** How much too many (or too few) nonces the node counts. */
  lie: number;
  /** Errors that no engine may have. */
  readonly errors: unknown[];
}

export interface ModelOptions {
  readonly intents: readonly WantedIntent[];
  readonly policy?: Partial<EnginePolicy>;
  readonly engines?: number;
  /** Sends before it writes: what the engine must never do. */
  readonly writeAheadOff?: boolean;
  /** Ids of intents whose calls revert when they are included. */
  readonly reverting?: ReadonlySet<string>;
  /** Reads the chain at the beginning of a round, and plans from it. @default what is wanted is {@link intents} */
  readonly plan?: () => RoundOrder['intents'];
  /** Whether the contract refuses what is included now. */
  readonly refuses?: () => boolean;
}

const GWEI = 10n;

export function modelPolicy(changes: Partial<EnginePolicy> = {}): EnginePolicy {
  return {
    ...ENGINE_DEFAULTS,
    fees: {
      minBaseFeePerGas: wei(1n),
      minPriorityFeePerGas: wei(2n),
      targetFeePerGas: wei(40n * GWEI),
      maxFeePerGas: wei(100n * GWEI),
      maxPriorityFeePerGas: wei(50n * GWEI),
      maxCostWei: wei(10n ** 12n),
      bumpLimits: { multiplier: 5n, threshold: wei(10n ** 6n) },
    },
    spend: { capWei: wei(10n ** 12n), essentialReserveWei: wei(0n) },
    ...changes,
  };
}

export function modelWorld(options: ModelOptions): ModelWorld {
  const { intents, engines = 1 } = options;
  const chain = modelChain(options.refuses);
  const store = modelStore(() => world.now);
  const world: ModelWorld = {
    chain,
    store,
    policy: modelPolicy(options.policy),
    engines: Array.from({ length: engines }, () => modelEngine(() => world, { ...options, intents })),
    now: Date.UTC(2026, 0, 1),
    lie: 0,
    errors: [],
  };
  return world;
}

function modelEngine(world: () => ModelWorld, options: ModelOptions): ModelEngine {
  let gate: { open: () => void; kill: (error: Error) => void } | undefined;
  let running: Promise<void> | undefined;
  let parts: EngineParts | undefined;
  let signatures = 0;

  const turn = (): Promise<void> =>
    new Promise((open, kill) => {
      gate = { open, kill };
    });

  function begin(): void {
    const { policy, errors } = world();
    parts ??= engineParts(world(), turn, { ...options, salt: () => signatures++ });
    const order = {
      account: { name: 'acct', namespace: 'ns', address: ADDRESS },
      chainId: CHAIN_ID,
      intents: options.plan?.() ?? (() => options.intents),
      policy,
    };
    running = engineRound(order, parts)
      .then(
        () => undefined,
        (error: unknown) => {
          if (!(error instanceof Killed)) {
            errors.push(error);
          }
        },
      )
      .finally(() => {
        running = undefined;
      });
  }

  /** Until it stands at an await, or has ended. */
  async function settle(): Promise<void> {
    for (let tries = 0; running !== undefined && gate === undefined; tries++) {
      await (tries < 50 ? Promise.resolve() : new Promise(setImmediate));
    }
  }

  async function step(): Promise<void> {
    if (running === undefined) {
      begin();
    } else {
      const passed = gate;
      gate = undefined;
      passed?.open();
    }
    await settle();
  }

  return {
    step,
    async kill() {
      const passed = gate;
      gate = undefined;
      parts = undefined;
      passed?.kill(new Killed());
      await running;
    },
    async finish() {
      do {
        await step();
      } while (running !== undefined);
    },
  };
}

function engineParts(
  world: ModelWorld,
  turn: () => Promise<void>,
  { reverting, writeAheadOff = false, salt }: ModelOptions & { readonly salt: () => number },
): EngineParts {
  const { chain, store } = world;
  const around = async <T>(operation: () => T): Promise<T> => {
    await turn();
    const result = operation();
    await turn();
    return result;
  };
  const outbox = kubeOutbox(store.client(turn), {
    namespace: 'ns',
    account: 'acct',
    chainId: CHAIN_ID,
    address: ADDRESS,
  });
  return {
    outbox: writeAheadOff
      ? {
          ...outbox,
          create: async (spec) => {
            chain.send(spec.attempts[0]!.raw);
            return outbox.create(spec);
          },
        }
      : outbox,
    now: () => world.now,
    reader: {
      read: (questions, lastKnown) =>
        around(() => {
          const head = chain.head();
          const finalNumber = Math.max(0, head.number - FINAL_DEPTH);
          const nonce = Math.max(0, chain.nonce() + world.lie);
          const hashes = questions.flatMap((question) => question.hashes);
          const users = new Map<number, NonceUser>();
          for (const asked of [
            ...questions.map((question) => question.nonce),
            ...(lastKnown < 0 ? [] : [nonce - 1]),
          ]) {
            const user = chain.userOf(asked);
            if (user !== undefined && user.blockNumber <= finalNumber) {
              users.set(asked, user);
            }
          }
          return {
            head: { number: head.number, hash: head.hash },
            finalNumber,
            nonce,
            balanceWei: wei(10n ** 18n),
            market: { baseFeePerGas: wei(chain.baseFee), suggestedTip: wei(2n) },
            receipts: new Map(
              hashes.flatMap((hash) => {
                const receipt = chain.receipt(hash);
                return receipt === undefined ? [] : [[hash, receipt] as const];
              }),
            ),
            pending: new Set(hashes.filter((hash) => chain.isPending(hash))),
            users,
          };
        }),
    },
    simulator: {
      simulate: () => around(() => ({ kind: 'possible', gasLimit: 50_000 })),
      whyReverted: () => around(() => 'it is full'),
    },
    signer: {
      // As an HSM: signing twice gives two transactions.
      sign: (fields) =>
        around(() =>
          encode({
            nonce: String(fields.nonce),
            ...(fields.data === '0x' ? {} : { effect: fields.data }),
            reverts: String(reverting?.has(fields.data) ?? false),
            gasLimit: String(fields.gasLimit),
            maxFeePerGas: String(fields.maxFeePerGas),
            maxPriorityFeePerGas: String(fields.maxPriorityFeePerGas),
            salt: String(salt()),
          }),
        ),
    },
    broadcaster: { broadcast: (raw) => around(() => chain.send(raw)) },
  };
}
