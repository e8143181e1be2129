import { startOperator, type RunningProgram } from '../../support/operator.ts';

/** A new operator needs some 200 ms and more to start: from dead on arrival to the middle of its work. */
const LIFE_MS = { least: 200, most: 1500 };

/** Keeps an operator running. */
export interface Keeper {
  /** Resolves when the last kill is done and an operator runs that nobody will kill. */
  calm(): Promise<void>;
  end(): Promise<void>;
}

/** Kills it so many times at random moments, and starts it again each time. */
export function keepOperator(kubeconfig: string, kills: number): Keeper {
  let operator: RunningProgram = startOperator(kubeconfig);
  const ending = new AbortController();
  const killer = (async () => {
    for (let kill = 0; kill < kills && !ending.signal.aborted; kill++) {
      const lifeMs = LIFE_MS.least + Math.random() * (LIFE_MS.most - LIFE_MS.least);
      await new Promise((resolve) => setTimeout(resolve, lifeMs));
      await operator.end('SIGKILL');
      operator = startOperator(kubeconfig);
    }
  })();
  return {
    calm: () => killer,
    async end() {
      ending.abort();
      await killer;
      await operator.end('SIGKILL');
    },
  };
}
