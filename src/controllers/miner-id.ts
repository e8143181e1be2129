import { createHash } from 'node:crypto';

/** Bytes of a tag, and of what follows it in a miner's id. */
const HALF_BYTES = 16;

/** Whose miners: one account object of one cluster. */
export interface MinerOwner {
  /** UID of the namespace kube-system of the cluster in which Headframe runs. */
  readonly home: string;
  /** Namespace and name of the StakeAccount. */
  readonly namespace: string;
  readonly account: string;
}

/**
 * What the ids of all miners of a StakeAccount begin with: 16 bytes, as 0x and 32 hexadecimal digits. Two Headframes on one account on
 * chain have different tags, so that neither takes the other's miners for its own.
 */
export function minerTag({ home, namespace, account }: MinerOwner): string {
  return `0x${half([home, namespace, account])}`;
}

/**
 * The id of a replica's miner on chain: 32 bytes, as 0x and 64 hexadecimal digits. It is computed and stored nowhere: whoever knows
 * the tag knows the ids of all ordinals.
 * @param tag of {@link minerTag}
 */
export function minerId(tag: string, pool: string, ordinal: number): string {
  return `${tag}${half([pool, ordinal])}`;
}

function half(parts: readonly (string | number)[]): string {
  return createHash('sha256')
    .update(JSON.stringify(parts))
    .digest('hex')
    .slice(0, 2 * HALF_BYTES);
}
