/**
 * An AbortSignal for SIGTERM and SIGINT. The first asks for an orderly end; a second one ends the process at once, with the code
 * that shells use for it.
 */
export function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  const codes = { SIGINT: 130, SIGTERM: 143 } as const;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping.signal.aborted) {
        process.exit(codes[signal]);
      }
      stopping.abort(new Error(`received ${signal}`));
    });
  }
  return stopping.signal;
}
