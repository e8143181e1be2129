import type { JsonObject } from '../schema/schema.ts';
import { labelValueErrors, qualifiedNameErrors } from '../metadata/names.ts';
import { metadataOf } from '../storage/record.ts';
import { badRequest } from '../status.ts';

/** One condition of a label selector. */
interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

type Operator = 'exists' | '!' | 'in' | 'notin' | '=' | '==' | '!=' | 'gt' | 'lt';

const OPERATORS = 'in, notin, =, ==, !=, gt, lt';
const SYMBOLS: Readonly<Record<string, Operator>> = {
  '=': '=',
  '==': '==',
  '!=': '!=',
  '>': 'gt',
  '<': 'lt',
};

/**
 * Reads a label selector as Kubernetes does: `a`, `!a`, `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a>1`, `a<1`.
 * @throws StatusError 400
 */
export function parseLabelSelector(text: string): (object: JsonObject) => boolean {
  const requirements = parse(tokens(text));
  return (object) => {
    const labels = metadataOf(object)['labels'];
    const record = typeof labels === 'object' && labels !== null && !Array.isArray(labels) ? labels : {};
    return requirements.every((requirement) => holds(requirement, record[requirement.key]));
  };
}

type Test = (value: unknown, values: readonly string[]) => boolean;

const isOneOf: Test = (value, values) => typeof value === 'string' && values.includes(value);
const isNoneOf: Test = (value, values) => !isOneOf(value, values);

const tests: Readonly<Record<Operator, Test>> = {
  exists: (value) => value !== undefined,
  '!': (value) => value === undefined,
  in: isOneOf,
  '=': isOneOf,
  '==': isOneOf,
  notin: isNoneOf,
  '!=': isNoneOf,
  gt: (value, [limit]) => isInteger(value) && Number(value) > Number(limit),
  lt: (value, [limit]) => isInteger(value) && Number(value) < Number(limit),
};

function holds({ operator, values }: Requirement, value: unknown): boolean {
  return tests[operator](value, values);
}

function isInteger(value: unknown): boolean {
  return typeof value === 'string' && /^[+-]?\d+$/.test(value);
}

function tokens(text: string): string[] {
  return text.match(/[(),]|[=!<>]+|[^\s=!<>(),]+/g) ?? [];
}

function parse(all: readonly string[]): Requirement[] {
  const requirements: Requirement[] = [];
  let index = 0;
  const peek = (): string => all[index] ?? '';
  const take = (): string => all[index++] ?? '';
  while (index < all.length) {
    requirements.push(parseRequirement(peek, take));
    const separator = take();
    if (separator === ',' && (index >= all.length || peek() === ',')) {
      throw badRequest(`found '${peek()}', expected: identifier after ','`);
    }
    if (separator !== ',' && separator !== '') {
      throw badRequest(`found '${separator}', expected: ',' or 'end of string'`);
    }
  }
  return requirements;
}

function parseRequirement(peek: () => string, take: () => string): Requirement {
  const absent = peek() === '!';
  if (absent) {
    take();
  }
  const key = take();
  if (!isWord(key)) {
    throw badRequest(
      absent
        ? `unable to parse requirement: found '${key}', expected: identifier`
        : `found '${key}', expected: !, identifier, or 'end of string'`,
    );
  }
  checkNames(qualifiedNameErrors(key), key);
  const next = peek();
  if (absent || next === '' || next === ',') {
    return { key, operator: absent ? '!' : 'exists', values: [] };
  }
  const operator = operatorOf(take());
  const values = operator === 'in' || operator === 'notin' ? parseSet(peek, take) : [parseValue(peek, take)];
  checkValues({ key, operator, values });
  return { key, operator, values };
}

function checkValues({ key, operator, values }: Requirement): void {
  const isComparison = operator === 'gt' || operator === 'lt';
  if (isComparison && !isInteger(values[0])) {
    throw badRequest(
      `unable to parse requirement: values[0]: Invalid value: ${JSON.stringify(values[0])}: for 'Gt', 'Lt' operators, the value must be an integer`,
    );
  }
  for (const value of isComparison ? [] : values) {
    checkNames(labelValueErrors(value), value, `values[0][${key}]`);
  }
}

function operatorOf(token: string): Operator {
  const operator = token === 'in' || token === 'notin' ? token : SYMBOLS[token];
  if (operator === undefined) {
    throw badRequest(`unable to parse requirement: found '${token}', expected: ${OPERATORS}`);
  }
  return operator;
}

function parseValue(peek: () => string, take: () => string): string {
  const next = peek();
  if (next === '' || next === ',') {
    return '';
  }
  if (!isWord(next)) {
    throw badRequest(`unable to parse requirement: found '${next}', expected: identifier`);
  }
  return take();
}

function parseSet(peek: () => string, take: () => string): string[] {
  const open = take();
  if (open !== '(') {
    throw badRequest(`unable to parse requirement: found '${open}' expected: '('`);
  }
  const values: string[] = [];
  while (peek() !== ')') {
    const token = take();
    if (token === ',') {
      values.push(...(peek() === ',' || peek() === ')' || values.length === 0 ? [''] : []));
    } else if (isWord(token)) {
      values.push(token);
    } else {
      const wanted = values.length === 0 ? "',', ')' or identifier" : "',' or ')'";
      throw badRequest(`unable to parse requirement: found '${token}', expected: ${wanted}`);
    }
  }
  take();
  return values.length === 0 ? [''] : values;
}

function isWord(token: string): boolean {
  return token !== '' && !/^[=!<>(),]/.test(token);
}

function checkNames(errors: readonly string[], value: string, path = '<nil>'): void {
  if (errors.length > 0) {
    throw badRequest(
      `unable to parse requirement: ${path}: Invalid value: ${JSON.stringify(value)}: ${errors.join('; ')}`,
    );
  }
}
