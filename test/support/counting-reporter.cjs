/*
 * mocha's usual output, and the files that took longest. Where MOCHA_REPORT names a file, also the counts as JSON with the
 * full title and the message of every failure: .ci/run adds the counts up and repeats the failures at its end.
 *
 * A run whose process does not end by itself is ended after a minute, as a failure: a hook that failed has left something
 * open, and nobody would ever see the report. Node itself may hang at its end, where none of our code runs any more: the
 * main thread waits for a thread of V8 that waits for the main thread (https://github.com/nodejs/node/issues/54918). So a
 * process of its own watches the end, and kills (SIGKILL) what is still there half a minute later; .ci/run knows this end,
 * and counts the tests. A loop without end in the process cannot be told from that.
 */
const { spawn } = require('node:child_process');
const { writeFileSync } = require('node:fs');
const { relative } = require('node:path');
const { setTimeout } = require('node:timers');
const mocha = require('mocha');

/** So long what tests have left open may take to close, in milliseconds. */
const PATIENCE_MS = Number(process.env.HEADFRAME_TEST_PATIENCE_MS ?? 60_000);

/** Characters of a message that are told. */
const MESSAGE_LIMIT = 500;

/** So many of the files that took longest are told. */
const SLOWEST = 12;

const { EVENT_HOOK_END, EVENT_RUN_END, EVENT_TEST_END, EVENT_TEST_FAIL } = mocha.Runner.constants;

class CountingReporter extends mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const failed = [];
    const secondsOf = new Map();
    const count = ({ file, duration }) => {
      if (file !== undefined && duration > 0) {
        secondsOf.set(file, (secondsOf.get(file) ?? 0) + duration / 1000);
      }
    };
    runner.on(EVENT_TEST_END, count);
    runner.on(EVENT_HOOK_END, count);
    runner.on(EVENT_TEST_FAIL, (test, error) => failed.push(`${test.fullTitle()}: ${inOneLine(error)}`));
    runner.once(EVENT_RUN_END, () => {
      tellSlowest(secondsOf);
      const { passes, failures } = this.stats;
      report({ passes, failures, failed });
      setTimeout(() => endWhatDoesNotEnd({ passes, failures, failed }), PATIENCE_MS).unref();
      watchTheEnd();
    });
  }
}

function report(counts) {
  const file = process.env.MOCHA_REPORT;
  if (file) {
    writeFileSync(file, JSON.stringify(counts));
  }
}

/** Tests and hooks of a file together; with several files at once, more than the run took. */
function tellSlowest(secondsOf) {
  const slowest = [...secondsOf].sort(([, a], [, b]) => b - a).slice(0, SLOWEST);
  process.stdout.write('  Slowest files:\n');
  for (const [file, seconds] of slowest) {
    process.stdout.write(`  ${seconds.toFixed(1).padStart(8)} s  ${sourceOf(file)}\n`);
  }
  process.stdout.write('\n');
}

/** What hack/build-tests.ts has compiled: build/test/a.test.mjs is of test/a.test.ts. */
function sourceOf(file) {
  return relative(process.cwd(), file).replace(/^build\/(.*)\.mjs$/, '$1.ts');
}

/** The report says so, too: it stands even if the process must be killed. */
function endWhatDoesNotEnd({ passes, failures, failed }) {
  const open = process.getActiveResourcesInfo().join(', ');
  const words = `The tests are over, and the process does not end: something is still open (${open}).`;
  process.stderr.write(`\n${words}\n`);
  report({ passes, failures: failures + 1, failed: [...failed, words] });
  // After mocha's own listener, which sets the number of failures.
  process.once('exit', () => (process.exitCode = 1));
  process.exit(1);
}

/** What the process of its own does: `node -e WATCHER PID MILLISECONDS`. */
const WATCHER = `
const [pid, patience] = process.argv.slice(1).map(Number);
const send = (signal) => {
  try {
    process.kill(pid, signal);
  } catch {
    process.exit();
  }
};
setInterval(() => send(0), Math.min(500, patience / 10));
setTimeout(() => {
  send(0);
  console.error('\\nThe tests are over, and Node hangs at its end: killing it.');
  send('SIGKILL');
  process.exit();
}, patience);
`;

function watchTheEnd() {
  const args = ['-e', WATCHER, String(process.pid), String(1.5 * PATIENCE_MS)];
  spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'], env: {}, detached: true }).unref();
}

/** The message without its line breaks, as far as it tells something, and where in the tests it was. */
function inOneLine(error) {
  const message = String(error?.message ?? error).replace(/\s+/g, ' ');
  const place = /\btest\/[^\s():]+:\d+/.exec(String(error?.stack ?? ''))?.[0];
  return message.slice(0, MESSAGE_LIMIT).trim() + (place === undefined ? '' : ` (${place})`);
}

module.exports = CountingReporter;
