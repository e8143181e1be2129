/** What was started, ended in the opposite order. */
export interface Teardown {
  /** Registers how to end what has just been started. */
  push(name: string, stop: () => Promise<void>): void;
  /** Ends everything, last started first, also when some of it fails to end. Returns what went wrong. May be called twice. */
  run(): Promise<readonly Error[]>;
}

export function createTeardown(): Teardown {
  const stops: { name: string; stop: () => Promise<void> }[] = [];
  return {
    push(name, stop) {
      stops.push({ name, stop });
    },
    async run() {
      const errors: Error[] = [];
      for (let last = stops.pop(); last !== undefined; last = stops.pop()) {
        try {
          await last.stop();
        } catch (error) {
          errors.push(new Error(`could not stop ${last.name}`, { cause: error }));
        }
      }
      return errors;
    },
  };
}
