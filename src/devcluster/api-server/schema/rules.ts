import { createLru } from '../../../kube/lru.ts';
import type { FieldError } from '../field-error.ts';
import { kubernetesEnvironment } from './cel/environment.ts';
import { compileProgram, type RuleProgram } from './cel/program.ts';
import { celTypes, type CelType } from './cel/types.ts';
import { validateNode, type RuleNode } from './rule-evaluation.ts';
import { additionalSchema } from './schema-at.ts';
import type { JsonObject, Schema, ValidationRule } from './schema.ts';

/** The CEL rules (`x-kubernetes-validations`) of a CustomResourceDefinition's schema. */
export interface RuleSet {
  /** Whether there are any rules. */
  readonly isNeeded: boolean;
  /** What does not compile; a definition with such rules is refused. */
  readonly problems: readonly RuleProblem[];
  /**
   * Evaluates the rules. Transition rules (those that use `oldSelf`) only where there is an old value to compare with; what other
   * rules say of a part that did not change is let through. There are no limits of cost.
   */
  validate(object: JsonObject, previous?: JsonObject): FieldError[];
}

/** A rule or messageExpression that does not compile, or uses `oldSelf` where it may not. */
export interface RuleProblem {
  /** Where the rule's schema is in the whole, such as `.properties[spec].items`. */
  readonly path: string;
  /** Its place among the rules there. */
  readonly index: number;
  readonly part: 'rule' | 'messageExpression' | 'optionalOldSelf' | 'oldSelf';
  readonly rule: ValidationRule;
  /** Why; for `oldSelf`, the path of the list or map whose items cannot be told apart between two versions of an object. */
  readonly detail: string;
}

/** By the schema's text: a definition is compiled to judge it and to serve it, and there may be several API servers in a process. */
const compiled = createLru<RuleSet>(32);

/**
 * The compiled rules of an object's schema. Those at the root see apiVersion, kind, and of the metadata name and generateName,
 * whatever the schema says of them.
 */
export function compileRules(schema: Schema): RuleSet {
  const text = JSON.stringify(schema);
  const known = compiled.get(text);
  if (known !== undefined) {
    return known;
  }
  const rules = compileAnew(schema);
  compiled.set(text, rules);
  return rules;
}

function compileAnew(schema: Schema): RuleSet {
  const environment = kubernetesEnvironment();
  const typeOf = celTypes(environment);
  const nodes: RuleNode[] = [];
  const root = plan({ schema: asResource(schema), path: '', uncorrelatable: undefined }, (found) => {
    nodes.push(found);
    return typeOf(found.schema);
  });
  // All types are declared by now: an environment of which there are copies takes no more of them.
  const problems = nodes.flatMap((node) => compileNode(node, environment));
  return {
    isNeeded: root !== undefined,
    problems,
    validate: (object, previous) =>
      root === undefined ? [] : validateNode(root, { value: object, path: '', previous, isUnchanged: false }),
  };
}

type Place = Pick<RuleNode, 'schema' | 'path' | 'uncorrelatable'>;

function plan(place: Place, typed: (node: RuleNode) => CelType | undefined): RuleNode | undefined {
  const { schema, path } = place;
  const node: RuleNode = { ...place, programs: [], properties: new Map() };
  const hasRules = (schema['x-kubernetes-validations'] ?? []).length > 0;
  if (hasRules) {
    node.type = typed(node);
  }
  const below = (child: Schema | undefined, name: string, isTold: boolean): RuleNode | undefined => {
    const uncorrelatable = place.uncorrelatable ?? (isTold ? undefined : path);
    return child && plan({ schema: child, path: `${path}.${name}`, uncorrelatable }, typed);
  };
  const isToldByName = schema['x-kubernetes-map-type'] !== 'atomic';
  node.items = below(schema.items, 'items', schema['x-kubernetes-list-type'] === 'map');
  node.additional = below(additionalSchema(schema), 'additionalProperties', true);
  const properties = new Map<string, RuleNode>();
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const child = below(property, `properties[${name}]`, isToldByName);
    if (child !== undefined) {
      properties.set(name, child);
    }
  }
  node.properties = properties;
  return hasRules || node.items || node.additional || properties.size > 0 ? node : undefined;
}

function compileNode(node: RuleNode, environment: ReturnType<typeof kubernetesEnvironment>): RuleProblem[] {
  const { path, type } = node;
  if (type === undefined) {
    return [];
  }
  return (node.schema['x-kubernetes-validations'] ?? []).flatMap((rule, index): RuleProblem[] => {
    const { program, problems } = compileProgram(environment, rule, type.name);
    if (program !== undefined) {
      node.programs.push(program);
    }
    const at = { path, index, rule };
    return [
      ...problems.map((problem) => ({ ...at, ...problem })),
      ...(program === undefined
        ? []
        : oldSelfProblems(node, program).map((problem) => ({ ...at, ...problem }))),
    ];
  });
}

function oldSelfProblems(node: RuleNode, program: RuleProgram): Pick<RuleProblem, 'part' | 'detail'>[] {
  if (program.usesOldSelf && node.uncorrelatable !== undefined) {
    return [{ part: 'oldSelf', detail: node.uncorrelatable }];
  }
  return !program.usesOldSelf && program.rule.optionalOldSelf !== undefined
    ? [{ part: 'optionalOldSelf', detail: 'may not be set if oldSelf is not used in rule' }]
    : [];
}

function asResource(schema: Schema): Schema {
  const text: Schema = { type: 'string' };
  const metadata: Schema = { type: 'object', properties: { name: text, generateName: text } };
  return { ...schema, properties: { ...schema.properties, apiVersion: text, kind: text, metadata } };
}
