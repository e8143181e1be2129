/** Ends the program with a message for the user instead of a stack trace. */
export class ExitError extends Error {
  override readonly name = 'ExitError';
  /** 2 when the user can mend it: a flag, a file, a port, an address. 1 otherwise. */
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
