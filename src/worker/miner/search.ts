import { createHash } from 'node:crypto';

/** A nonce whose hash meets the difficulty. */
export interface Share {
  readonly nonce: bigint;
  /** SHA-256 of the seed followed by the nonce as 8 bytes, big-endian; in hex. */
  readonly digest: string;
}

/** A search for partial preimages of SHA-256: over nonces 0, 1, 2, ... of one seed. */
export interface Search {
  /** Tries nonces until `keepGoing`, asked every {@link BATCH}, says no. Yields the shares met on the way. */
  run(keepGoing: () => boolean): Share[];
  /** Hashes computed so far. */
  readonly hashes: number;
}

/** Hashes between two looks at the time: well under a millisecond. */
export const BATCH = 256;

export function createSearch(seed: Buffer, difficultyBits: number): Search {
  // The seed's state is hashed once and copied for each nonce.
  const prefix = createHash('sha256').update(seed);
  const nonceBytes = Buffer.alloc(8);
  let nonce = 0n;
  let hashes = 0;

  function tryNext(): Share | undefined {
    nonceBytes.writeBigUInt64BE(nonce);
    const digest = prefix.copy().update(nonceBytes).digest();
    hashes++;
    const found =
      leadingZeroBits(digest) >= difficultyBits ? { nonce, digest: digest.toString('hex') } : undefined;
    nonce++;
    return found;
  }

  return {
    run(keepGoing) {
      const shares: Share[] = [];
      do {
        for (let index = 0; index < BATCH; index++) {
          const share = tryNext();
          if (share !== undefined) {
            shares.push(share);
          }
        }
      } while (keepGoing());
      return shares;
    },
    get hashes() {
      return hashes;
    },
  };
}

/** Whether the share is what it says, computed from nothing but the seed and the nonce. */
export function verifyShare(seed: Buffer, share: Share, difficultyBits: number): boolean {
  const nonceBytes = Buffer.alloc(8);
  nonceBytes.writeBigUInt64BE(share.nonce);
  const digest = createHash('sha256')
    .update(Buffer.concat([seed, nonceBytes]))
    .digest();
  return digest.toString('hex') === share.digest && leadingZeroBits(digest) >= difficultyBits;
}

/** How many bits are zero before the first one. */
export function leadingZeroBits(bytes: Uint8Array): number {
  let bits = 0;
  for (const byte of bytes) {
    if (byte !== 0) {
      return bits + Math.clz32(byte) - 24;
    }
    bits += 8;
  }
  return bits;
}
