/** What a mempool goes by, of a transaction that it holds or that is offered to it. */
export interface Offer {
  readonly hash: string;
  readonly nonce: number;
  /** Wei per unit of gas. */
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** What a mempool knows of a sender. */
export interface SenderState {
  /** How many of its transactions are included. */
  readonly nonce: number;
  /** Its transactions that wait, in any order. */
  readonly waiting: readonly Offer[];
}

/** Why a strict mempool refuses. */
export const REFUSALS = [
  'alreadyKnown',
  'tipTooLow',
  'nonceTooLow',
  'nonceTooHigh',
  'replacementUnderpriced',
] as const;

export type RefusalKind = (typeof REFUSALS)[number];

export interface Refusal {
  readonly kind: RefusalKind;
  /** In the words of geth. */
  readonly message: string;
}

/** What a node's operator sets. */
export interface MempoolRules {
  /** The least tip, in wei per unit of gas. */
  readonly minTipWei: bigint;
  /** How much more a replacement offers, of both fees. geth: 10 */
  readonly bumpPercent: bigint;
}

/**
 * Whether a mempool that is as strict as any takes the transaction; undefined when it does. Its questions come in the order of geth
 * (core/txpool: legacypool.add, ValidateTransaction, ValidateTransactionWithState), its rule about gaps is that of geth's pool
 * of blobs, and a replacement pays the bump to the last wei, where geth rounds down.
 */
export function refusalOf(
  offer: Offer,
  { nonce, waiting }: SenderState,
  { minTipWei, bumpPercent }: MempoolRules,
): Refusal | undefined {
  if (waiting.some(({ hash }) => hash === offer.hash)) {
    return { kind: 'alreadyKnown', message: 'already known' };
  }
  if (offer.maxPriorityFeePerGas < minTipWei) {
    const message = `transaction underpriced: tip needed ${minTipWei}, tip permitted ${offer.maxPriorityFeePerGas}`;
    return { kind: 'tipTooLow', message };
  }
  if (offer.nonce < nonce) {
    return { kind: 'nonceTooLow', message: `nonce too low: next nonce ${nonce}, tx nonce ${offer.nonce}` };
  }
  const gap = firstGap(nonce, waiting);
  if (offer.nonce > gap) {
    const message = `nonce too high: tx nonce ${offer.nonce}, gapped nonce ${gap}`;
    return { kind: 'nonceTooHigh', message };
  }
  const held = waiting.find((each) => each.nonce === offer.nonce);
  return held === undefined || replaces(offer, held, bumpPercent)
    ? undefined
    : { kind: 'replacementUnderpriced', message: 'replacement transaction underpriced' };
}

/** The lowest nonce that is neither used nor waits. */
function firstGap(nonce: number, waiting: readonly Offer[]): number {
  const held = new Set(waiting.map((each) => each.nonce));
  let gap = nonce;
  while (held.has(gap)) {
    gap++;
  }
  return gap;
}

function replaces(offer: Offer, held: Offer, bumpPercent: bigint): boolean {
  const isEnough = (offered: bigint, before: bigint): boolean =>
    offered > before && offered * 100n >= before * (100n + bumpPercent);
  return (
    isEnough(offer.maxFeePerGas, held.maxFeePerGas) &&
    isEnough(offer.maxPriorityFeePerGas, held.maxPriorityFeePerGas)
  );
}
