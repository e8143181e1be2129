/** What is known of an endpoint when one is chosen to read from. */
export interface ReadCandidate {
  readonly name: string;
  /** The number of its latest block; undefined when it did not say. */
  readonly head: number | undefined;
}

/**
 * The place of the first endpoint, in the order of the spec, that is not too far behind the one that is furthest ahead; undefined when
 * none answered. One that is ahead of all others is believed: to read a stale nonce does more harm than to read from the second.
 * @param maxLagBlocks that a head may be behind
 */
export function chooseEndpoint(
  candidates: readonly ReadCandidate[],
  maxLagBlocks: number,
): number | undefined {
  const best = Math.max(...candidates.map(({ head }) => head ?? -Infinity));
  const chosen = candidates.findIndex(({ head }) => head !== undefined && best - head <= maxLagBlocks);
  return chosen === -1 ? undefined : chosen;
}

/** Names of those that are too far behind. */
export function laggards(candidates: readonly ReadCandidate[], maxLagBlocks: number): string[] {
  const best = Math.max(...candidates.map(({ head }) => head ?? -Infinity));
  return candidates
    .filter(({ head }) => head !== undefined && best - head > maxLagBlocks)
    .map(({ name }) => name);
}
