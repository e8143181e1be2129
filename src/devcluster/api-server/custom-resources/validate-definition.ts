import type { FieldError } from '../field-error.ts';
import { compileRules, type RuleProblem } from '../schema/rules.ts';
import { fieldSchema } from '../schema/schema-at.ts';
import type { Json, JsonObject, Schema } from '../schema/schema.ts';
import { defaultErrors } from './default-values.ts';
import {
  forbidden,
  invalid,
  required,
  validateApproval,
  validateIdentity,
  validateNames,
  wrongLabel,
} from './definition-names.ts';
import { isEstablished } from './definition-status.ts';
import { definitionOf, isShared, type Definition, type DefinitionVersion } from './definition.ts';
import { keywordErrors } from './schema-keywords.ts';
import { structuralErrors } from './structural-schema.ts';
import { columnErrors, subresourceErrors } from './version-parts.ts';

/**
 * What is wrong with a CustomResourceDefinition whose defaults are filled in, in kube-apiserver's words. Its metadata is looked at
 * for the right name only. Cost limits of CEL rules and conversion by webhooks are not there.
 * @param previous the definition that this one replaces: some names may not change any more
 */
export function validateDefinition(crd: JsonObject, previous?: JsonObject): FieldError[] {
  const definition = definitionOf(crd);
  const { versions = [], names = {}, preserveUnknownFields } = definition.spec ?? {};
  return [
    ...(previous === undefined ? validateIdentity(definition) : []),
    ...versions.flatMap((version, index) => versionErrors(version, index, versions)),
    ...versionListErrors(definition.spec?.versions),
    ...validateNames(names),
    ...sharedErrors(versions),
    ...conversionErrors(definition),
    ...versionNameErrors(versions, previous === undefined ? [] : (definition.status?.storedVersions ?? [])),
    ...(previous === undefined ? [] : changeErrors(definition, previous)),
    ...validateApproval(definition),
    ...(preserveUnknownFields === true
      ? [
          invalid(
            'spec.preserveUnknownFields',
            true,
            'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
          ),
        ]
      : []),
  ];
}

function versionErrors(
  version: DefinitionVersion,
  index: number,
  all: readonly DefinitionVersion[],
): FieldError[] {
  const path = `spec.versions[${index}]`;
  const name = version.name ?? '';
  const why = wrongLabel(name);
  const schema = version.schema?.openAPIV3Schema;
  const parts: FieldError[] = [];
  if (schema !== undefined && !isShared(all, 'schema')) {
    parts.push(...schemaErrors(schema, `${path}.schema.openAPIV3Schema`, version));
  }
  if (!isShared(all, 'subresources')) {
    parts.push(...subresourceErrors(version, `${path}.subresources`));
  }
  if (!isShared(all, 'additionalPrinterColumns')) {
    parts.push(...columnErrors(version, `${path}.additionalPrinterColumns`));
  }
  return [
    ...(schema === undefined ? [required(`${path}.schema.openAPIV3Schema`)] : []),
    ...(why === undefined ? [] : [invalid(`${path}.name`, name, why)]),
    ...parts,
  ];
}

/** What is the same in all versions is looked at once. */
function sharedErrors(versions: readonly DefinitionVersion[]): FieldError[] {
  const [first] = versions;
  if (first === undefined) {
    return [];
  }
  const schema = first.schema?.openAPIV3Schema;
  return [
    ...(schema !== undefined && isShared(versions, 'schema')
      ? schemaErrors(schema, 'spec.validation.openAPIV3Schema', first)
      : []),
    ...(isShared(versions, 'subresources') ? subresourceErrors(first, 'spec.subresources') : []),
    ...(isShared(versions, 'additionalPrinterColumns')
      ? columnErrors(first, 'spec.additionalPrinterColumns')
      : []),
  ];
}

function versionListErrors(given: readonly DefinitionVersion[] | undefined): FieldError[] {
  const versions = given ?? [];
  const names = versions.map(({ name }) => name);
  const errors: FieldError[] = [];
  if (new Set(names).size < names.length) {
    errors.push(invalid('spec.versions', shownVersions(versions), 'must contain unique version names'));
  }
  if (versions.filter(({ storage }) => storage === true).length !== 1) {
    const detail = 'must have exactly one version marked as storage version';
    errors.push(invalid('spec.versions', shownVersions(given), detail));
  }
  return errors;
}

/** The first version and the stored ones are looked at by themselves once more: what they repeat, upstream repeats. */
function versionNameErrors(versions: readonly DefinitionVersion[], stored: readonly string[]): FieldError[] {
  const name = versions[0]?.name ?? '';
  const why = name === '' ? undefined : wrongLabel(name);
  const isStored = versions.some(({ storage }) => storage === true);
  return [
    ...(why === undefined ? [] : [invalid('spec.version', name, why)]),
    ...(isStored || stored.length > 0
      ? []
      : [invalid('status.storedVersions', null, 'must have at least one stored version')]),
    ...stored.flatMap((version, index) =>
      versions.some((one) => one.name === version)
        ? []
        : [invalid(`status.storedVersions[${index}]`, version, missingVersion(version))],
    ),
  ];
}

function missingVersion(version: string): string {
  return `missing from spec.versions; ${version} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${version} and removes ${version} from status.storedVersions`;
}

/** Versions as errors show them: by the names of Go's fields, without what all have in common. */
function shownVersions(versions: readonly DefinitionVersion[] | undefined): Json {
  return versions === undefined
    ? null
    : versions.map((version) => ({
        Name: version.name ?? '',
        Served: version.served ?? false,
        Storage: version.storage ?? false,
        Deprecated: false,
        DeprecationWarning: null,
        Schema: null,
        Subresources: null,
        AdditionalPrinterColumns: null,
        SelectableFields: null,
      }));
}

function conversionErrors({ spec }: Definition): FieldError[] {
  const strategy = spec?.conversion?.strategy ?? '';
  if (strategy === '') {
    return [required('spec.conversion.strategy')];
  }
  return strategy === 'None'
    ? []
    : [forbidden('spec.conversion.strategy', 'this API server converts by strategy None only')];
}

/** What nobody may change: the group and plural name ever, scope and kind once objects may exist. */
function changeErrors(definition: Definition, previous: JsonObject): FieldError[] {
  const fixed = isEstablished(previous)
    ? (['spec.scope', 'spec.names.kind', 'spec.group', 'spec.names.plural'] as const)
    : (['spec.group', 'spec.names.plural'] as const);
  const [now, before] = [fixedFields(definition), fixedFields(definitionOf(previous))];
  return fixed
    .filter((field) => now[field] !== before[field])
    .map((field) => invalid(field, now[field], 'field is immutable'));
}

function fixedFields({ spec = {} }: Definition): Readonly<Record<FixedField, string>> {
  const { scope = '', group = '', names = {} } = spec;
  const { kind = '', plural = '' } = names;
  return { 'spec.scope': scope, 'spec.names.kind': kind, 'spec.group': group, 'spec.names.plural': plural };
}

type FixedField = 'spec.scope' | 'spec.names.kind' | 'spec.group' | 'spec.names.plural';

function schemaErrors(schema: Schema, path: string, version: DefinitionVersion): FieldError[] {
  const errors = [...rootErrors(schema, path, version)];
  const structural = structuralErrors(schema, path);
  const keywords = keywordErrors(schema, path);
  errors.push(...structural, ...(structural.length > 0 ? [] : defaultErrors(schema, path)), ...keywords);
  // A schema that is wrong in itself gives rules no types to be compiled with.
  return errors.length > 0
    ? errors
    : [
        ...compileRules(schema).problems.map((problem) => ruleError(problem, path)),
        ...fieldPathErrors(schema, path),
      ];
}

/** With a status subresource, the status is looked at apart: the root may say nothing that this would lose. */
function rootErrors(schema: Schema, path: string, { subresources }: DefinitionVersion): FieldError[] {
  const errors: FieldError[] = [];
  if (subresources?.status !== undefined && schema.type !== 'object') {
    const detail =
      'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
    errors.push(invalid(`${path}.type`, schema.type ?? '', detail));
  }
  if (schema.nullable === true) {
    errors.push(forbidden(`${path}.nullable`, 'nullable cannot be true at the root'));
  }
  return errors;
}

/** What a rule blames must be there, below the schema that has the rule. */
function fieldPathErrors(schema: Schema, path: string): FieldError[] {
  const own = (schema['x-kubernetes-validations'] ?? []).flatMap(({ fieldPath = '' }, index) =>
    fieldPath === '' || leadsSomewhere(schema, fieldPath)
      ? []
      : [invalid(`${path}.x-kubernetes-validations[${index}].fieldPath`, fieldPath, 'must be a valid path')],
  );
  const inner = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    fieldPathErrors(property, `${path}.properties[${name}]`),
  );
  return [...own, ...inner];
}

function leadsSomewhere(schema: Schema, fieldPath: string): boolean {
  const parts = fieldPath.match(/\.[^.[\]]+|\['[^']+'\]/g) ?? [];
  let at: Schema | undefined = parts.join('') === fieldPath ? schema : undefined;
  for (const part of parts) {
    at = fieldSchema(at, part.replace(/^\.|^\['|'\]$/g, ''));
  }
  return at !== undefined;
}

function ruleError({ path, index, part, rule, detail }: RuleProblem, root: string): FieldError {
  const at = `${root}${path}.x-kubernetes-validations[${index}]`;
  if (part === 'optionalOldSelf') {
    return invalid(`${at}.${part}`, rule.optionalOldSelf ?? false, detail);
  }
  if (part === 'oldSelf') {
    return invalid(
      `${at}.rule`,
      rule.rule,
      `oldSelf cannot be used on the uncorrelatable portion of the schema within ${root}${detail}`,
    );
  }
  const shown = {
    Rule: rule.rule,
    Message: rule.message ?? '',
    MessageExpression: rule.messageExpression ?? '',
    Reason: rule.reason ?? null,
    FieldPath: rule.fieldPath ?? '',
    OptionalOldSelf: rule.optionalOldSelf ?? null,
  };
  return invalid(`${at}.${part}`, shown, detail);
}
