import type { FieldError, FieldErrorReason } from '../field-error.ts';
import { evaluationMessage } from './cel/messages.ts';
import type { RuleProgram } from './cel/program.ts';
import type { CelType } from './cel/types.ts';
import { previousField, previousItem } from './correlation.ts';
import { isObject, jsonEquals } from './json.ts';
import type { Json, JsonObject, Schema, ValidationRule } from './schema.ts';

/** A schema that has rules, or has schemas with rules below it. */
export interface RuleNode {
  readonly schema: Schema;
  readonly path: string;
  /** Path of the nearest list or map above whose parts cannot be told again in an older version. */
  readonly uncorrelatable: string | undefined;
  type?: CelType | undefined;
  programs: RuleProgram[];
  properties: ReadonlyMap<string, RuleNode>;
  additional?: RuleNode | undefined;
  items?: RuleNode | undefined;
}

interface Visit {
  readonly value: Json;
  readonly path: string;
  readonly previous: Json | undefined;
  /** Whether the nearest part above that has a previous version equals it. */
  readonly isUnchanged: boolean;
}

/** Evaluates the rules of a node and of those below it. */
export function validateNode(node: RuleNode, visit: Visit): FieldError[] {
  const { value, previous } = visit;
  if (value === null) {
    return [];
  }
  const isUnchanged = previous === undefined ? visit.isUnchanged : jsonEquals(value, previous);
  const own = evaluate(node, { ...visit, isUnchanged });
  if (Array.isArray(value)) {
    return [...own, ...validateItems(node, value, { ...visit, isUnchanged })];
  }
  return isObject(value) ? [...own, ...validateFields(node, value, { ...visit, isUnchanged })] : own;
}

function validateItems({ items, schema }: RuleNode, list: readonly Json[], visit: Visit): FieldError[] {
  return items === undefined
    ? []
    : list.flatMap((value, index) =>
        validateNode(items, {
          ...visit,
          value,
          path: `${visit.path}[${index}]`,
          previous: previousItem(visit.previous, schema, value),
        }),
      );
}

function validateFields(node: RuleNode, object: JsonObject, visit: Visit): FieldError[] {
  return Object.entries(object).flatMap(([name, value]) => {
    const property = node.properties.get(name);
    const child = property ?? node.additional;
    if (value === undefined || child === undefined) {
      return [];
    }
    const path = property === undefined ? `${visit.path}[${name}]` : join(visit.path, name);
    return validateNode(child, {
      ...visit,
      value,
      path,
      previous: previousField(visit.previous, node.schema, name),
    });
  });
}

function evaluate(node: RuleNode, visit: Visit): FieldError[] {
  const { type, programs } = node;
  if (type === undefined || programs.length === 0) {
    return [];
  }
  const self = type.fromJson(visit.value);
  const { previous } = visit;
  const oldSelf = previous === undefined || previous === null ? undefined : type.fromJson(previous);
  return programs.flatMap((program) => {
    const skipped = program.usesOldSelf && oldSelf === undefined && program.rule.optionalOldSelf !== true;
    const objection = skipped ? undefined : objectionOf(program, { node, visit, self, oldSelf });
    return objection === undefined ? [] : [objection];
  });
}

interface Evaluation {
  readonly node: RuleNode;
  readonly visit: Visit;
  readonly self: unknown;
  readonly oldSelf: unknown;
}

function objectionOf(
  program: RuleProgram,
  { node, visit, self, oldSelf }: Evaluation,
): FieldError | undefined {
  const { rule } = program;
  const field = visit.path === '' ? '<nil>' : visit.path;
  const name = nameOf(rule);
  try {
    if (program.holds(self, oldSelf)) {
      return undefined;
    }
  } catch (error) {
    return {
      reason: 'FieldValueInvalid',
      field,
      value: node.schema.type ?? '',
      detail: failure(error, rule),
    };
  }
  if (visit.isUnchanged && !program.usesOldSelf) {
    return undefined;
  }
  const said = program.message(self, oldSelf) ?? (hasMessage(rule) ? name : `failed rule: ${name}`);
  return {
    reason: reasonOf(rule),
    field: rule.fieldPath === undefined ? field : join(visit.path, fieldPathOf(rule.fieldPath)),
    detail: rule.reason === 'FieldValueDuplicate' ? '' : said,
    ...shownValue(node.schema, visit.value, rule),
  };
}

function hasMessage({ message }: ValidationRule): boolean {
  return message !== undefined && message !== '';
}

/** What stands for a rule in errors: its message, else its text. */
function nameOf(rule: ValidationRule): string {
  return (hasMessage(rule) ? (rule.message ?? '') : rule.rule).trim();
}

/** Why a rule could not be evaluated. */
function failure(error: unknown, rule: ValidationRule): string {
  const why = evaluationMessage(error);
  return why.startsWith('no such overload')
    ? `'${why}': call arguments did not match a supported operator, function or macro signature for rule: ${nameOf(rule)}`
    : `${why} evaluating rule: ${nameOf(rule)}`;
}

function reasonOf({ reason }: ValidationRule): FieldErrorReason {
  switch (reason) {
    case 'FieldValueForbidden':
    case 'FieldValueRequired':
    case 'FieldValueDuplicate':
      return reason;
    case undefined:
    default:
      return 'FieldValueInvalid';
  }
}

/** Objects and lists are not shown, nor is anything with Forbidden and Required. */
function shownValue(schema: Schema, value: Json, { reason }: ValidationRule): { value?: Json } {
  const hidden = schema.type === 'object' || schema.type === 'array';
  return hidden || reason === 'FieldValueForbidden' || reason === 'FieldValueRequired' ? {} : { value };
}

/** `.spec['a b']` as field errors write it: `spec.a b` for fields, `spec[key]` for keys of maps. */
function fieldPathOf(path: string): string {
  return path
    .replaceAll(/\['((?:[^'\\]|\\.)*)'\]/g, (_, name: string) => `.${name.replaceAll(/\\(.)/g, '$1')}`)
    .slice(1);
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
