/** Why there is no answer. */
export type HttpFailureKind =
  /** Not all of it came in time. */
  | 'Timeout'
  /** No connection, half an answer, or none that is HTTP. */
  | 'ConnectionFailed'
  /** There is more of it than may be read. */
  | 'TooLarge'
  /** The caller gave up. */
  | 'Aborted';

/** No whole answer came. The message names neither the server nor anything that was sent. */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure';
  readonly kind: HttpFailureKind;

  constructor(kind: HttpFailureKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Says the code of the failure only: messages of DNS, TLS and headers quote what should not be told. */
export function connectionFailure(cause: unknown): HttpFailure {
  const code = cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined;
  const words = code?.startsWith('HPE_') === true ? 'its answer is not HTTP' : 'the connection failed';
  return new HttpFailure('ConnectionFailed', `${words} (${code ?? 'no code'})`);
}
