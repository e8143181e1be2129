/** Why a text with measurements could not be used. */
export type ReadingErrorKind =
  /** Not in the format it should be in. */
  | 'Malformed'
  /** More than the limits allow. */
  | 'TooLarge'
  /** Prometheus could not answer the query. */
  | 'QueryFailed';

/** The only error that reading measurements ends with. Its message never holds more than a little of the text. */
export class ReadingError extends Error {
  override readonly name = 'ReadingError';
  readonly kind: ReadingErrorKind;

  constructor(kind: ReadingErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** How much of a text is read before it is refused as a whole. */
export interface ReadingLimits {
  /** UTF-16 units of the whole text; never more than its bytes. */
  readonly maxCharacters: number;
  readonly maxLines: number;
  /** GPUs, each counted once for each pod that has it. */
  readonly maxSamples: number;
}

/** A cluster of 5,000 nodes with 16 GPUs each in one text; a node's own is about 100 kB. */
export const defaultReadingLimits: ReadingLimits = {
  maxCharacters: 64 * 1024 * 1024,
  maxLines: 1_000_000,
  maxSamples: 100_000,
};

/** @throws ReadingError `TooLarge` */
export function checkLength(text: string, { maxCharacters }: ReadingLimits): void {
  if (text.length > maxCharacters) {
    throw new ReadingError('TooLarge', `the text is longer than ${maxCharacters} characters`);
  }
}
