import type { EngineParts } from '../../../src/chain/engine/ports.ts';

/** Thrown into an engine where a process would have been killed. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** What kills engines of this process at their awaits: as good as SIGKILL, and a hundred times as fast. */
export interface Fuse {
  /** All that runs dies at its next await, before or after the call there has had its effect. */
  readonly blow: () => void;
  readonly wrap: (parts: EngineParts) => EngineParts;
}

export function fuse(): Fuse {
  let generation = 0;
  return {
    blow() {
      generation++;
    },
    wrap(parts) {
      const born = generation;
      const guard = <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) => {
        return async (...args: Args): Promise<T> => {
          check();
          const result = await call(...args);
          check();
          return result;
        };
      };
      const check = (): void => {
        if (generation !== born) {
          throw new Killed();
        }
      };
      const guarded = <Port extends object>(port: Port): Port =>
        Object.fromEntries(
          Object.entries(port).map(([name, method]) => [name, guard(method as () => Promise<unknown>)]),
        ) as Port;
      return {
        ...parts,
        outbox: guarded(parts.outbox),
        reader: guarded(parts.reader),
        simulator: guarded(parts.simulator),
        signer: guarded(parts.signer),
        broadcaster: guarded(parts.broadcaster),
      };
    },
  };
}
