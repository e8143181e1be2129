/** One entry of the catalogue: the meaning and the remedy go into docs/reference/reasons.md. */
export interface ReasonText {
  /** Which kinds say it. */
  readonly kinds: readonly string[];
  /** Whether conditions, events or both carry it. */
  readonly where: readonly ('condition' | 'event')[];
  readonly meaning: string;
  /** What the user can do; empty when nothing needs doing. */
  readonly remedy: string;
}
