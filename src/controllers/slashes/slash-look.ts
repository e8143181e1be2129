import type { Slash } from '../../chain/protocols/protocol.ts';

/** What is known of slashes of an account. */
export interface SlashLook {
  /** The final block up to which they are looked for. */
  readonly scannedTo: number;
  /** Those that may not be counted yet, by block. */
  readonly slashes: readonly Slash[];
}
