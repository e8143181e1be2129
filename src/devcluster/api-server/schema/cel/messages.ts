import { EvaluationError, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js';

/** Why a rule does not compile, as cel-go words it: message, line, and a caret under the place. */
export function compilationMessage(error: unknown, source: string): string {
  if (
    !(error instanceof CelTypeError) &&
    !(error instanceof ParseError) &&
    !(error instanceof EvaluationError)
  ) {
    return `compilation failed: ${error instanceof Error ? error.message : String(error)}`;
  }
  const { text, at } = wordCompilation(error, source);
  const before = source.slice(0, at);
  const line = before.split('\n').length;
  const column = at - (before.lastIndexOf('\n') + 1);
  const shown = source.split('\n')[line - 1] ?? '';
  return `compilation failed: ERROR: <input>:${line}:${column + 1}: ${text}\n | ${shown}\n | ${'.'.repeat(column)}^`;
}

interface Worded {
  readonly text: string;
  /** Offset in the source. */
  readonly at: number;
}

function wordCompilation(error: ParseError | CelTypeError | EvaluationError, source: string): Worded {
  const { summary } = error;
  const { start, end } = error.range ?? { start: 0, end: source.length };
  switch (error.code) {
    case 'no_such_key':
      // Upstream points at the dot.
      return {
        text: `undefined field '${summary.replace(/^No such key: /, '')}'`,
        at: source.lastIndexOf('.', start),
      };
    case 'unknown_variable':
      return undeclared(summary.replace(/^Unknown variable: /, ''), start);
    case 'no_such_overload':
      return wordOperator(summary, { start, end, source });
    case 'no_matching_overload':
      return wordCall(summary, source.indexOf('(', start));
    case 'cannot_index_type':
      return wordSelection(summary, start - 1);
    default:
      return { text: error instanceof ParseError ? `Syntax error: ${summary}` : summary, at: start };
  }
}

function wordSelection(summary: string, at: number): Worded {
  const [, type] = /'(.*)'/.exec(summary) ?? [];
  return { text: `type '${typeName(type ?? '')}' does not support field selection`, at };
}

function wordCall(summary: string, at: number): Worded {
  const [, name] = /^found no matching overload for '(\w+)\(/.exec(summary) ?? [];
  return name === undefined ? { text: summary, at } : undeclared(name, at);
}

function undeclared(name: string, at: number): Worded {
  return { text: `undeclared reference to '${name}' (in container '')`, at };
}

/** `no such overload: int == string` becomes `found no matching overload for '_==_' applied to '(int, string)'`. */
function wordOperator(
  summary: string,
  place: { readonly start: number; readonly end: number; readonly source: string },
): Worded {
  const [, left = '', operator = '', right = ''] =
    /^no such overload: (.*?) (==|!=|<=|>=|<|>|\+|-|\*|\/|%|in) (.*)$/.exec(summary) ?? [];
  if (operator === '') {
    return { text: summary, at: place.start };
  }
  const name = operator === 'in' ? '@in' : `_${operator}_`;
  const inside = place.source.slice(place.start, place.end).indexOf(operator);
  return {
    text: `found no matching overload for '${name}' applied to '(${typeName(left)}, ${typeName(right)})'`,
    at: place.start + Math.max(0, inside),
  };
}

/** Upstream calls every object `object`, and prints lists and maps with parentheses. */
function typeName(name: string): string {
  return name
    .replaceAll(/\bObject\d+\b/g, 'object')
    .replaceAll('<', '(')
    .replaceAll('>', ')');
}

/** Why a rule could not be evaluated, in cel-go's words. */
export function evaluationMessage(error: unknown): string {
  if (!(error instanceof EvaluationError)) {
    return error instanceof Error ? error.message : String(error);
  }
  switch (error.code) {
    case 'no_such_key':
      return `no such key: ${error.summary.replace(/^No such key: /, '')}`;
    case 'index_out_of_bounds':
      return `index out of bounds: ${/index (-?\d+)/.exec(error.summary)?.[1] ?? ''}`;
    case 'numeric_overflow':
      return 'integer overflow';
    case 'no_such_overload':
    case 'no_matching_overload':
      return 'no such overload';
    default:
      return error.summary;
  }
}
