import type { KubeClient } from '../../../src/kube/client.ts';
import { sleep, systemClock } from '../../../src/time/clock.ts';
import { type EnginesConfig, startEngines } from './engines.ts';
import { fuse } from './fuse.ts';

/** An operator at work on all accounts, until it is killed. */
export interface Operator {
  /** Resolves when nothing of it runs any more. */
  kill(): Promise<void>;
}

/** Starts operators, and removes what it has made for them when it is closed. */
export interface OperatorMaker {
  start(config: EnginesConfig): Promise<Operator>;
  close(): Promise<void>;
}

/** Milliseconds between two rounds of an account. */
const PAUSE_MS = 15;

/** In this process: killed at an await. Quick, so that many kills fit into a test. */
export function operatorsHere(client: KubeClient): OperatorMaker {
  return {
    start(config) {
      const { blow, wrap } = fuse();
      const engines = startEngines(client, config, wrap);
      const state = { alive: true };
      const working = Promise.all(
        config.accounts.map(async (_, account) => {
          while (state.alive) {
            // What fails is begun again.
            await engines.round(account).catch(() => undefined);
            await sleep(systemClock, PAUSE_MS);
          }
        }),
      );
      return Promise.resolve({
        async kill() {
          state.alive = false;
          blow();
          // Cuts what is under way, so that nobody waits for an answer that hangs.
          engines.close();
          await working;
        },
      });
    },
    close: () => Promise.resolve(),
  };
}
