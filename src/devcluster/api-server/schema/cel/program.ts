import { Optional, type Environment, type ParseResult } from '@marcbachmann/cel-js';
import type { ValidationRule } from '../schema.ts';
import { compilationMessage } from './messages.ts';

/** A rule that is ready to be evaluated. */
export interface RuleProgram {
  readonly rule: ValidationRule;
  /** Whether it is a transition rule. */
  readonly usesOldSelf: boolean;
  /** @throws EvaluationError */
  holds(self: unknown, oldSelf?: unknown): boolean;
  /** What its messageExpression says; undefined without one, or when that yields no line of text. */
  message(self: unknown, oldSelf?: unknown): string | undefined;
}

export interface ProgramProblem {
  readonly part: 'rule' | 'messageExpression';
  readonly detail: string;
}

/** Longest text of a messageExpression (k8s.io/apiserver pkg/apis/cel MaxEvaluatedMessageExpressionSizeBytes). */
const MAX_MESSAGE_BYTES = 5120;

/** Compiles a rule for values of the type `typeName`, which is declared in `environment`. */
export function compileProgram(
  environment: Environment,
  rule: ValidationRule,
  typeName: string,
): { readonly program?: RuleProgram; readonly problems: readonly ProgramProblem[] } {
  const oldType = rule.optionalOldSelf === true ? `optional<${typeName}>` : typeName;
  const scope = environment.clone().registerVariable('self', typeName).registerVariable('oldSelf', oldType);
  const source = rule.rule.trim();
  const condition = compile(scope, source, 'bool');
  const messageSource = rule.messageExpression?.trim() ?? '';
  const message = messageSource === '' ? undefined : compile(scope, messageSource, 'string');
  const problems: ProgramProblem[] = [];
  if (typeof condition === 'string') {
    const detail = condition === WRONG_TYPE ? 'cel expression must evaluate to a bool' : condition;
    problems.push({ part: 'rule', detail });
  }
  if (typeof message === 'string') {
    const detail = message === WRONG_TYPE ? 'messageExpression must evaluate to a string' : message;
    problems.push({ part: 'messageExpression', detail });
  }
  if (typeof condition === 'string') {
    return { problems };
  }
  const usesOldSelf = mentions(condition.ast, 'oldSelf');
  const variables = (self: unknown, oldSelf: unknown): Record<string, unknown> => {
    const old = oldSelf === undefined ? Optional.none() : Optional.of(oldSelf);
    return { self, oldSelf: rule.optionalOldSelf === true ? old : oldSelf };
  };
  return {
    problems,
    program: {
      rule,
      usesOldSelf,
      holds: (self, oldSelf) => condition(variables(self, oldSelf)) === true,
      message: (self, oldSelf) =>
        typeof message === 'function' ? lineOf(message, variables(self, oldSelf)) : undefined,
    },
  };
}

const WRONG_TYPE = 'wrong type';

/** The compiled expression, or why there is none. */
function compile(scope: Environment, source: string, wanted: 'bool' | 'string'): ParseResult | string {
  try {
    const parsed = scope.parse(source);
    const checked = parsed.check();
    if (!checked.valid) {
      return compilationMessage(checked.error, source);
    }
    return checked.type === wanted || checked.type === 'dyn' ? parsed : WRONG_TYPE;
  } catch (error) {
    return compilationMessage(error, source);
  }
}

function lineOf(message: ParseResult, variables: Record<string, unknown>): string | undefined {
  try {
    const value: unknown = message(variables);
    const text = typeof value === 'string' ? value.trim() : '';
    const isFine = text !== '' && !text.includes('\n') && Buffer.byteLength(text) <= MAX_MESSAGE_BYTES;
    return isFine ? text : undefined;
  } catch {
    // As upstream: then the rule's own message is shown.
    return undefined;
  }
}

/** Whether an expression names a variable. */
function mentions(node: unknown, variable: string): boolean {
  if (Array.isArray(node)) {
    return node.some((inner) => mentions(inner, variable));
  }
  if (typeof node !== 'object' || node === null || !('op' in node) || !('args' in node)) {
    return false;
  }
  return node.op === 'id' ? node.args === variable : mentions(node.args, variable);
}
