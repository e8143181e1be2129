import type { Environment } from '@marcbachmann/cel-js';
import { regularExpression } from '../pattern.ts';

/** What cel-go's strings extension and Kubernetes' regex library have beyond the library's own functions. */
export function registerStrings(environment: Environment): void {
  environment
    .registerFunction('string.charAt(int): string', charAt)
    .registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) =>
      text.replaceAll(from, () => to),
    )
    .registerFunction({
      signature: 'string.replace(string, string, int): string',
      handler: (...[text, from, to, times]: [string, string, string, bigint]) =>
        replaceSome(text, [from, to], Number(times)),
    })
    .registerFunction('string.reverse(): string', (text: string) => Array.from(text).reverse().join(''))
    .registerFunction('string.format(list): string', format)
    .registerFunction(
      'string.find(string): string',
      (text: string, pattern: string) => regularExpression(pattern).exec(text)?.[0] ?? '',
    )
    .registerFunction('string.findAll(string): list<string>', (text: string, pattern: string) =>
      findAll(text, pattern),
    )
    .registerFunction(
      'string.findAll(string, int): list<string>',
      (text: string, pattern: string, most: bigint) =>
        most < 0n ? findAll(text, pattern) : findAll(text, pattern).slice(0, Number(most)),
    );
}

function charAt(text: string, index: bigint): string {
  const characters = Array.from(text);
  if (index < 0n || index > BigInt(characters.length)) {
    throw new Error(`index out of range: ${index}`);
  }
  return characters[Number(index)] ?? '';
}

function replaceSome(text: string, [from, to]: readonly [string, string], times: number): string {
  if (times < 0) {
    return text.replaceAll(from, () => to);
  }
  let left = times;
  return text.replaceAll(from, (found) => {
    left -= 1;
    return left >= 0 ? to : found;
  });
}

function findAll(text: string, pattern: string): string[] {
  const expression = regularExpression(pattern);
  return [...text.matchAll(new RegExp(expression.source, `${expression.flags}g`))].map(([found]) => found);
}

/** `%s`, `%d`, `%f`, `%e`, `%b`, `%x`, `%X`, `%o`; precision for the floating ones. */
function format(text: string, values: readonly unknown[]): string {
  let next = 0;
  return text.replaceAll(/%(?:\.(\d+))?([a-zA-Z%])/g, (_, precision: string | undefined, verb: string) => {
    if (verb === '%') {
      return '%';
    }
    if (next >= values.length) {
      throw new Error(`index ${next} out of range`);
    }
    const value = values[next];
    next += 1;
    return formatOne(value, verb, precision === undefined ? 6 : Number(precision));
  });
}

function formatOne(value: unknown, verb: string, precision: number): string {
  switch (verb) {
    case 's':
    case 'd':
      return shown(value);
    case 'f':
      return Number(value).toFixed(precision);
    case 'e':
      return Number(value)
        .toExponential(precision)
        .replace(/e([+-])(\d)$/, 'e$10$2');
    case 'b':
      return integer(value).toString(2);
    case 'o':
      return integer(value).toString(8);
    case 'x':
      return typeof value === 'string' ? Buffer.from(value).toString('hex') : integer(value).toString(16);
    case 'X':
      return formatOne(value, 'x', precision).toUpperCase();
    default:
      throw new Error(`could not parse formatting clause: unrecognized formatting clause "${verb}"`);
  }
}

function integer(value: unknown): bigint {
  return typeof value === 'boolean' || typeof value === 'bigint' ? BigInt(value) : 0n;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(shown).join(', ')}]`;
  }
  if (value instanceof Map) {
    return `{${[...value].map(([name, inner]) => `${shown(name)}: ${shown(inner)}`).join(', ')}}`;
  }
  return value instanceof Date ? value.toISOString() : String(value);
}
