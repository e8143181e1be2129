import type { Network } from './network.ts';
import type { Receipt, Refusal } from './traced-chain.ts';

/** Any write of a generated binding, whatever its arguments. */
interface AnyWrite {
  encode(...args: never): string;
}

/** Calls of one contract's functions by name. */
export interface CallsOf<Writes extends Readonly<Record<string, AnyWrite>>> {
  /** Sends it, and expects it to be done. */
  readonly does: <Name extends keyof Writes>(
    from: string,
    name: Name,
    ...args: Parameters<Writes[Name]['encode']>
  ) => Promise<Receipt>;
  /** Sends it, and expects it to be refused. */
  readonly refuses: <Name extends keyof Writes>(
    from: string,
    name: Name,
    ...args: Parameters<Writes[Name]['encode']>
  ) => Promise<Refusal>;
}

/**
 * @param writes of the generated binding
 * @param contract which one it is
 */
export function callsOf<Writes extends Readonly<Record<string, AnyWrite>>>(
  network: () => Network,
  writes: Writes,
  contract: keyof Network['at'],
): CallsOf<Writes> {
  const write = (name: keyof Writes): Parameters<Network['send']>[2] =>
    writes[name] as unknown as Parameters<Network['send']>[2];
  return {
    does: (from, name, ...args) => network().send(from, network().at[contract], write(name), ...args),
    refuses: (from, name, ...args) => network().refused(from, network().at[contract], write(name), ...args),
  };
}
