import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { LogLine } from './log-options.ts';

/** When the file is this large it is put aside once as `.1`; what was there before is dropped. */
const DEFAULT_MAX_BYTES = 4 * 1024 * 1024;
/** containerd: a longer line is cut. */
const MAX_LINE_CHARACTERS = 16 * 1024;

/**
 * The output of one run of one container, on disk in the container runtimes' form: time, stream, `F`, text. Writing is
 * synchronous, so what {@link LogFile.lines} returns and what a listener is told afterwards neither overlap nor leave a gap.
 */
export interface LogFile {
  /** Takes output as it comes; a line counts when its end has come. */
  write(stream: LogLine['stream'], chunk: Buffer): void;
  /** Writes unfinished lines, tells listeners that it is over. */
  close(): void;
  readonly closed: boolean;
  /** Everything that is still kept. */
  lines(): LogLine[];
  /** Calls back for each line from now on, and once at the end. Returns how to stop that. */
  follow(listener: LogListener): () => void;
}

export interface LogListener {
  line(line: LogLine): void;
  end(): void;
}

export interface LogFileOptions {
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly maxBytes?: number;
}

export function openLogFile({ path, now, maxBytes = DEFAULT_MAX_BYTES }: LogFileOptions): LogFile {
  mkdirSync(dirname(path), { recursive: true });
  let descriptor = openSync(path, 'a');
  let size = fstatSync(descriptor).size;
  let closed = false;
  const listeners = new Set<LogListener>();
  const partial = { stdout: newPartial(), stderr: newPartial() };

  function append(line: LogLine): void {
    size += writeSync(descriptor, `${line.time} ${line.stream} F ${line.text}\n`);
    if (size > maxBytes) {
      closeSync(descriptor);
      renameSync(path, `${path}.1`);
      descriptor = openSync(path, 'a');
      size = 0;
    }
    for (const listener of listeners) {
      listener.line(line);
    }
  }

  function emit(stream: LogLine['stream'], text: string): void {
    append({ time: nanoTime(now()), stream, text });
  }

  return {
    write(stream, chunk) {
      if (closed) {
        return;
      }
      const pending = partial[stream];
      const pieces = (pending.text + pending.decoder.write(chunk)).split('\n');
      pending.text = pieces.pop() ?? '';
      pieces.forEach((piece) => emit(stream, piece));
      while (pending.text.length >= MAX_LINE_CHARACTERS) {
        emit(stream, pending.text.slice(0, MAX_LINE_CHARACTERS));
        pending.text = pending.text.slice(MAX_LINE_CHARACTERS);
      }
    },
    close() {
      if (closed) {
        return;
      }
      for (const stream of ['stdout', 'stderr'] as const) {
        if (partial[stream].text !== '') {
          emit(stream, partial[stream].text);
        }
      }
      closed = true;
      closeSync(descriptor);
      const told = [...listeners];
      listeners.clear();
      told.forEach((listener) => listener.end());
    },
    get closed() {
      return closed;
    },
    lines: () => readLog(path),
    follow(listener) {
      if (closed) {
        listener.end();
        return () => undefined;
      }
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function newPartial(): { text: string; decoder: StringDecoder } {
  return { text: '', decoder: new StringDecoder('utf8') };
}

/** RFC 3339 with nine fraction digits: what kubelet writes and kubectl parses. */
function nanoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '000000Z');
}

/** The lines of a log that nobody writes any more; none when there is no such file. */
export function readLog(path: string): LogLine[] {
  const text = [`${path}.1`, path]
    .map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : ''))
    .join('');
  return text.split('\n').flatMap((entry) => {
    const match = /^(\S+) (stdout|stderr) F (.*)$/s.exec(entry);
    return match === null
      ? []
      : [{ time: match[1] ?? '', stream: match[2] as LogLine['stream'], text: match[3] ?? '' }];
  });
}
