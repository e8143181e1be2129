import type { AccountState, Miner } from '../../chain/protocols/protocol.ts';

/** How long a list of miners is believed while their number and size stay the same, in milliseconds. */
const TRUST_MS = 10 * 60_000;

/** The miners of accounts as they were read last. A list is long, and seldom another one: it is read again when the account's figures are. */
export interface MinerBook {
  /** The miners, if the list still fits the state. */
  miners(uid: string, state: AccountState): readonly Miner[] | undefined;
  note(uid: string, state: AccountState, miners: readonly Miner[]): void;
  /** The list is read again, as after a transaction that changes it. */
  forget(uid: string): void;
}

interface Page {
  readonly figures: string;
  readonly miners: readonly Miner[];
  readonly readAt: number;
}

/** @param monotonic milliseconds since some moment */
export function createMinerBook(monotonic: () => number): MinerBook {
  const pages = new Map<string, Page>();
  return {
    miners(uid, state) {
      if (state.miners === 0) {
        return [];
      }
      const page = pages.get(uid);
      const isFit = page?.figures === figuresOf(state) && monotonic() - page.readAt < TRUST_MS;
      return isFit ? page.miners : undefined;
    },
    note: (uid, state, miners) =>
      void pages.set(uid, { figures: figuresOf(state), miners, readAt: monotonic() }),
    forget: (uid) => void pages.delete(uid),
  };
}

function figuresOf({ address, miners, milliUnits }: AccountState): string {
  return `${address} ${miners} ${milliUnits}`;
}
