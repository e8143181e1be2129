import { writeSync } from 'node:fs';
import { Writable } from 'node:stream';
import winston from 'winston';
import { systemClock, type Clock } from '../time/clock.ts';
import type { LogFields, Logger } from './logger.ts';
import { serialise } from './serialise.ts';

/** From the most to the least important. */
export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LoggerOptions {
  /** Lines less important than this are not written, and cost next to nothing. */
  readonly level: LogLevel;
  /** Takes each line, newline included. @default standard error, so that standard output stays for what a command prints */
  readonly write?: (line: string) => void;
  /** @default the machine's time */
  readonly clock?: Pick<Clock, 'now'>;
}

/** Keys that a line has of its own: a field of that name gets an underscore, lest it changes the line's meaning. */
const ownKeys = new Set(['time', 'level', 'message']);

/**
 * One JSON object a line: `time`, `level`, `message`, then the fields. Fields are serialised here and never by winston, which
 * appends a field `message` to the message, prints errors as `{}` and loses their causes.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { level, write = writeToStandardError, clock = systemClock } = options;
  const lines = winston.createLogger({
    level,
    levels: Object.fromEntries(logLevels.map((name, index) => [name, index])),
    // The lines arrive finished; winston's default would put each into JSON once more.
    format: winston.format((info) => info)(),
  });
  lines.pipe(lineStream(write));
  const emit: Emit = (at, message, fields) => {
    const time = new Date(clock.now()).toISOString();
    lines.log(at, JSON.stringify({ time, level: at, message, ...fields }));
  };
  return bind(emit, level, {});
}

type Emit = (level: LogLevel, message: string, fields: LogFields) => void;

/** @param bound fields already serialised, added to every line */
function bind(emit: Emit, lowest: LogLevel, bound: LogFields): Logger {
  const method = (level: LogLevel): Logger[LogLevel] =>
    logLevels.indexOf(level) > logLevels.indexOf(lowest)
      ? () => undefined
      : (message, fields) => emit(level, message, { ...bound, ...prepare(fields) });
  return {
    error: method('error'),
    warn: method('warn'),
    info: method('info'),
    debug: method('debug'),
    with: (fields) => bind(emit, lowest, { ...bound, ...prepare(fields) }),
  };
}

function prepare(fields: LogFields = {}): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [ownKeys.has(key) ? `${key}_` : key, serialise(value, key)]),
  );
}

function lineStream(write: (line: string) => void): Writable {
  return new Writable({
    objectMode: true,
    write(info: { message: string }, _encoding, next) {
      write(`${info.message}\n`);
      next();
    },
  });
}

/** Milliseconds that a line waits for a pipe that is full. */
const LONGEST_WAIT_MS = 50;

const never = new Int32Array(new SharedArrayBuffer(4));

/**
 * A pipe that is full takes nothing, and what Node keeps for it is lost when the process exits. So a line waits for its reader, but
 * not for long: who reads too slowly gets the rest when there is room, in order.
 */
function writeToStandardError(line: string): void {
  let rest = Buffer.from(line);
  for (let waited = 0; process.stderr.writableLength === 0 && waited < LONGEST_WAIT_MS; waited++) {
    try {
      rest = rest.subarray(writeSync(process.stderr.fd, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') {
        break;
      }
    }
    if (rest.length === 0) {
      return;
    }
    Atomics.wait(never, 0, 0, 1);
  }
  process.stderr.write(rest);
}
