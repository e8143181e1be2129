/*
 * Loaded into the operator before its own code (`node --expose-gc --require`): on SIGUSR2 it writes what the process holds, after a
 * garbage collection, as one line of JSON on standard error. The operator itself knows nothing of it.
 */
'use strict';
const { getEventListeners } = require('node:events');
const { readdirSync } = require('node:fs');
const { setImmediate } = require('node:timers');

/** Every abort signal that lives: forgotten listeners gather on the long-lived ones. */
const signals = new Set();
const forgotten = new FinalizationRegistry((reference) => signals.delete(reference));
const Original = globalThis.AbortController;
globalThis.AbortController = class AbortController extends Original {
  constructor() {
    super();
    const reference = new WeakRef(this.signal);
    signals.add(reference);
    forgotten.register(this.signal, reference);
  }
};

function abortListeners() {
  let count = 0;
  for (const reference of signals) {
    const signal = reference.deref();
    count += signal === undefined ? 0 : getEventListeners(signal, 'abort').length;
  }
  return count;
}

/** Of the process and of every open socket and server. */
function emitterListeners() {
  const emitters = [process, ...process._getActiveHandles()].filter(
    ({ eventNames }) => eventNames !== undefined,
  );
  return emitters.reduce(
    (sum, emitter) =>
      sum + emitter.eventNames().reduce((most, name) => most + emitter.listenerCount(name), 0),
    0,
  );
}

process.on('SIGUSR2', () => {
  // Twice, with a turn between: finalizers run in a turn of their own.
  globalThis.gc();
  setImmediate(() => {
    globalThis.gc();
    const { rss, heapUsed } = process.memoryUsage();
    const probe = {
      rss,
      heapUsed,
      fileDescriptors: readdirSync('/proc/self/fd').length - 1,
      timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length,
      listeners: abortListeners() + emitterListeners(),
    };
    process.stderr.write(`${JSON.stringify({ probe })}\n`);
  });
});
