import { ReadingError, type ReadingLimits, checkLength } from './reading.ts';

/** Labels of a series by name. Has no prototype: any name may be asked for. */
export type Labels = Readonly<Record<string, string | undefined>>;

/** One line of measurements. */
export interface Series {
  readonly name: string;
  readonly labels: Labels;
  /** May be NaN or infinite. */
  readonly value: number;
}

/**
 * The series of a text in the Prometheus text format 0.0.4 (names in quotes of format 1.0.0 included) whose name is wanted. Of
 * other lines only the name is read. As Prometheus does, a text with a malformed line is refused as a whole.
 * @throws ReadingError `Malformed` with the number of the line, or `TooLarge`
 */
export function* seriesOf(
  text: string,
  isWanted: (name: string) => boolean,
  limits: ReadingLimits,
): Generator<Series> {
  checkLength(text, limits);
  let start = 0;
  for (let line = 1; start < text.length; line++) {
    if (line > limits.maxLines) {
      throw new ReadingError('TooLarge', `the text has more than ${limits.maxLines} lines`);
    }
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const series = readLine({ text: text.slice(start, end).trim(), line, at: 0 }, isWanted);
    if (series !== undefined) {
      yield series;
    }
    start = end + 1;
  }
}

/** Where the reader is in a line. */
interface Cursor {
  readonly text: string;
  readonly line: number;
  at: number;
}

const space = /[ \t]*/y;
const metricName = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const labelName = /[a-zA-Z_][a-zA-Z0-9_]*/y;
/** What follows the name of a metric: labels or a value. A page of prose is told from metrics by it. */
const afterName = /[ \t]*(?:\{|[+-]?(?:\d|\.\d|nan|inf))/iy;
const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const notFinite = /^[+-]?(?:nan|inf|infinity)$/i;

function readLine(cursor: Cursor, isWanted: (name: string) => boolean): Series | undefined {
  const { text } = cursor;
  if (text === '' || text.startsWith('#')) {
    return undefined;
  }
  const bare = take(cursor, metricName);
  if (bare !== undefined && !isWanted(bare)) {
    return take(cursor, afterName) === undefined ? malformed(cursor, "'{' or a number") : undefined;
  }
  take(cursor, space);
  const labels = Object.create(null) as Record<string, string | undefined>;
  const name = readLabels(cursor, labels, bare) ?? malformed(cursor, 'the name of a metric');
  const value = readValue(cursor);
  return isWanted(name) ? { name, labels, value } : undefined;
}

/** Reads `{...}` if it is there, and gives the name of the metric: the one before the braces, else the quoted one within. */
function readLabels(
  cursor: Cursor,
  labels: Record<string, string | undefined>,
  bare: string | undefined,
): string | undefined {
  let name = bare;
  let more = takeText(cursor, '{');
  while (more) {
    take(cursor, space);
    if (takeText(cursor, '}')) {
      break;
    }
    name = readLabel(cursor, labels, name);
    take(cursor, space);
    more = takeText(cursor, ',') || cursor.text[cursor.at] === '}' || malformed(cursor, "',' or '}'");
  }
  return name;
}

/** One `label="value"`; or, where the metric has no name yet, its name in quotes. */
function readLabel(
  cursor: Cursor,
  labels: Record<string, string | undefined>,
  name: string | undefined,
): string | undefined {
  const inQuotes = takeQuoted(cursor);
  const label = inQuotes ?? take(cursor, labelName) ?? malformed(cursor, 'the name of a label');
  take(cursor, space);
  if (takeText(cursor, '=')) {
    take(cursor, space);
    labels[label] = takeQuoted(cursor) ?? malformed(cursor, 'a value in double quotes');
    return name;
  }
  return inQuotes === undefined || name !== undefined ? malformed(cursor, "'='") : inQuotes;
}

/** The value, perhaps followed by a time and, in OpenMetrics, by an exemplar: neither is looked at. */
function readValue(cursor: Cursor): number {
  const word = /[^ \t]*/.exec(cursor.text.slice(cursor.at).trimStart())?.[0] ?? '';
  if (number.test(word)) {
    return Number(word);
  }
  if (notFinite.test(word)) {
    return /nan/i.test(word) ? NaN : Infinity * (word.startsWith('-') ? -1 : 1);
  }
  return malformed(cursor, 'a number');
}

/** Matches a sticky pattern where the cursor stands and moves it past the match. */
function take(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.text)?.[0];
  cursor.at += match?.length ?? 0;
  return match;
}

/** A string in double quotes. Looked for by hand: a pattern with as many repeats as a line has characters would overflow. */
function takeQuoted(cursor: Cursor): string | undefined {
  const { text } = cursor;
  if (text[cursor.at] !== '"') {
    return undefined;
  }
  const start = cursor.at + 1;
  let end = text.indexOf('"', start);
  while (end !== -1 && isEscaped(text, start, end)) {
    end = text.indexOf('"', end + 1);
  }
  if (end === -1) {
    return malformed(cursor, 'a closing quote');
  }
  cursor.at = end + 1;
  return unescape(text.slice(start, end));
}

/** Whether an odd number of backslashes comes right before `at`. */
function isEscaped(text: string, start: number, at: number): boolean {
  let first = at;
  while (first > start && text[first - 1] === '\\') {
    first--;
  }
  return (at - first) % 2 === 1;
}

function takeText(cursor: Cursor, text: string): boolean {
  if (!cursor.text.startsWith(text, cursor.at)) {
    return false;
  }
  cursor.at += text.length;
  return true;
}

/** Other escapes stay as they are, as Prometheus leaves them. */
function unescape(text: string): string {
  return text.replace(/\\([\\"n])/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

function malformed({ line, at }: Cursor, expected: string): never {
  throw new ReadingError(
    'Malformed',
    `line ${line}, character ${at + 1}: expected ${expected}; is it in the Prometheus text format?`,
  );
}
