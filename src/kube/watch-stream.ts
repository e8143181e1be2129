import type { Readable } from 'node:stream';
import type { ObjectMeta } from '../api/kube-object.ts';
import type { Clock } from '../time/clock.ts';
import { nextTurn } from '../time/turn.ts';

/** One line of a watch. The object of ERROR is a metav1.Status; that of BOOKMARK has little more than a resourceVersion. */
export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | { readonly type: 'BOOKMARK'; readonly object: { readonly metadata: Partial<ObjectMeta> & Versioned } }
  | { readonly type: 'ERROR'; readonly object: unknown };

interface Versioned {
  readonly resourceVersion: string;
}

/** A line that was cut off, or is not what an API server sends. Says nothing of its content: it may be a Secret. */
export class WatchParseError extends Error {
  override readonly name = 'WatchParseError';
}

/** Not even a bookmark for so long that the other side is taken for gone. */
export class WatchSilentError extends Error {
  override readonly name = 'WatchSilentError';
}

/** Cuts bytes into lines. Only whole lines are decoded, so a character split between chunks stays whole. */
export interface LineSplitter {
  /**
   * The lines that end in this chunk, in order, without their newline.
   * @throws WatchParseError for a line longer than {@link MAX_LINE_BYTES}
   */
  push(chunk: Uint8Array): string[];
  /** @throws WatchParseError when the last line has no newline: the rest of it is lost */
  end(): void;
}

/** Ten times what etcd can hold in one object (1.5 MiB): a stream without newlines must not fill the memory. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

const NEWLINE = 0x0a;

export function lineSplitter(maxBytes: number = MAX_LINE_BYTES): LineSplitter {
  let rest: Uint8Array[] = [];
  let restBytes = 0;

  function keep(part: Uint8Array): void {
    restBytes += part.length;
    if (restBytes > maxBytes) {
      throw new WatchParseError(`a line of the watch is longer than ${maxBytes} bytes`);
    }
    if (part.length > 0) {
      rest.push(part);
    }
  }

  function take(): string {
    const [first] = rest;
    const line = rest.length === 1 && first !== undefined ? asBuffer(first) : Buffer.concat(rest, restBytes);
    rest = [];
    restBytes = 0;
    return line.toString('utf8');
  }

  return {
    push(chunk) {
      const lines: string[] = [];
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
        keep(chunk.subarray(start, end));
        lines.push(take());
        start = end + 1;
      }
      keep(chunk.subarray(start));
      return lines;
    },
    end() {
      if (restBytes > 0) {
        throw new WatchParseError('the last line of the watch was cut off');
      }
    },
  };
}

/** @throws WatchParseError for anything but an event of a known type whose object has the names that every object has */
export function parseWatchEvent<T>(line: string): WatchEvent<T> {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    throw new WatchParseError('a line of the watch is not JSON');
  }
  if (!isRecord(event) || !hasValidObject(event)) {
    throw new WatchParseError('a line of the watch is not an event');
  }
  return event as unknown as WatchEvent<T>;
}

function hasValidObject({ type, object }: Record<string, unknown>): boolean {
  const metadata = isRecord(object) ? object['metadata'] : undefined;
  const versioned = isRecord(metadata) && typeof metadata['resourceVersion'] === 'string';
  switch (type) {
    case 'ERROR':
      return true;
    case 'BOOKMARK':
      return versioned;
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return versioned && typeof metadata['name'] === 'string';
    default:
      return false;
  }
}

/** How to read a watch. */
export interface WatchReading<T> {
  readonly clock: Clock;
  /** Milliseconds without a single byte after which the stream counts as dead. */
  readonly silenceMs: number;
  /** Called for each event, in order. What it throws ends the reading. */
  readonly onEvent: (event: WatchEvent<T>) => void;
}

/**
 * Reads events until the server ends the stream. The stream is destroyed in any case.
 * @throws WatchParseError, WatchSilentError, the stream's own error, or what `onEvent` throws
 */
export async function readWatch<T>(body: Readable, reading: WatchReading<T>): Promise<void> {
  const splitter = lineSplitter();
  const silence = silenceLimit(body, reading);
  try {
    for await (const chunk of body) {
      silence.heard();
      await readLines(splitter.push(chunk as Buffer), reading);
    }
    splitter.end();
  } finally {
    silence.stop();
  }
}

/** Lines that are there already are no reason to let everything else wait. */
async function readLines<T>(lines: readonly string[], { clock, onEvent }: WatchReading<T>): Promise<void> {
  for (const line of lines) {
    onEvent(parseWatchEvent(line));
    const turn = nextTurn(clock);
    if (turn !== undefined) {
      await turn;
    }
  }
}

/** Destroys the stream when nothing was heard for too long. One timer for many chunks: it looks when it rings. */
function silenceLimit(
  body: Readable,
  { clock, silenceMs }: { clock: Clock; silenceMs: number },
): { heard(): void; stop(): void } {
  let lastHeard = clock.monotonic();
  const ring = (): void => {
    const left = lastHeard + silenceMs - clock.monotonic();
    if (left > 0) {
      timer = clock.after(left, ring);
    } else {
      body.destroy(new WatchSilentError(`the watch was silent for ${silenceMs / 1000} s`));
    }
  };
  let timer = clock.after(silenceMs, ring);
  return {
    heard() {
      lastHeard = clock.monotonic();
    },
    stop: () => timer.cancel(),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
