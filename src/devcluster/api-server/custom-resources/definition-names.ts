import type { FieldError } from '../field-error.ts';
import type { Json } from '../schema/schema.ts';
import type { Definition, DefinitionNames } from './definition.ts';

/** Why a text is no label of RFC 1035; undefined when it is one (k8s.io/apimachinery IsDNS1035Label). */
export function wrongLabel(text: string): string | undefined {
  const objections = [
    ...(text.length > 63 ? ['must be no more than 63 bytes'] : []),
    ...(/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(text) ? [] : [NOT_A_LABEL]),
  ];
  return objections.length === 0 ? undefined : objections.join(',');
}

const NOT_A_LABEL =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

const NOT_A_SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

export function required(field: string, detail = ''): FieldError {
  return { reason: 'FieldValueRequired', field, detail };
}

export function invalid(field: string, value: Json, detail: string): FieldError {
  return { reason: 'FieldValueInvalid', field, value, detail };
}

export function forbidden(field: string, detail: string): FieldError {
  return { reason: 'FieldValueForbidden', field, detail };
}

export function notSupported(field: string, value: string, allowed: readonly string[]): FieldError {
  const quoted = allowed.map((one) => JSON.stringify(one)).join(', ');
  return { reason: 'FieldValueNotSupported', field, value, detail: `supported values: ${quoted}` };
}

/** The definition's own name, and its group. */
export function validateIdentity({ metadata, spec }: Definition): FieldError[] {
  const { group = '', names = {}, scope = '' } = spec ?? {};
  const name = metadata?.name ?? '';
  const errors: FieldError[] = [];
  if (name !== `${names.plural ?? ''}.${group}`) {
    errors.push(invalid('metadata.name', name, 'must be spec.names.plural+"."+spec.group'));
  }
  errors.push(...validateGroup(group));
  if (scope === '') {
    errors.push(required('spec.scope'));
  } else if (scope !== 'Cluster' && scope !== 'Namespaced') {
    errors.push(notSupported('spec.scope', scope, ['Cluster', 'Namespaced']));
  }
  return errors;
}

function validateGroup(group: string): FieldError[] {
  if (group === '') {
    return [required('spec.group')];
  }
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(group)) {
    return [invalid('spec.group', group, NOT_A_SUBDOMAIN)];
  }
  return group.includes('.')
    ? []
    : [invalid('spec.group', group, 'should be a domain with at least one dot')];
}

/** The group names of Kubernetes itself ask for a word of who allowed their use. */
export function validateApproval({ metadata, spec }: Definition): FieldError[] {
  const group = spec?.group ?? '';
  const isProtected = /(^|\.)(k8s|kubernetes)\.io$/.test(group);
  return isProtected && metadata?.annotations?.['api-approved.kubernetes.io'] === undefined
    ? [
        required(
          'metadata.annotations[api-approved.kubernetes.io]',
          'protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
        ),
      ]
    : [];
}

/** The names of the resources that are defined. */
export function validateNames(names: DefinitionNames): FieldError[] {
  const at = (name: string): string => `spec.names.${name}`;
  const missing = (['plural', 'singular', 'kind', 'listKind'] as const).filter(
    (name) => (names[name] ?? '') === '',
  );
  const labels = (['plural', 'singular'] as const).flatMap((name) => wrongName(at(name), names[name] ?? ''));
  const kinds = (['kind', 'listKind'] as const).flatMap((name) => wrongKind(at(name), names[name] ?? ''));
  const shortNames = (names.shortNames ?? []).flatMap((name, index) =>
    wrongName(at(`shortNames[${index}]`), name),
  );
  const categories = (names.categories ?? []).flatMap((name, index) =>
    wrongName(at(`categories[${index}]`), name),
  );
  const { kind = '', listKind = '' } = names;
  const same =
    kind !== '' && kind === listKind
      ? [invalid(at('listKind'), listKind, 'kind and listKind may not be the same')]
      : [];
  return [
    ...missing.map((name) => required(at(name))),
    ...labels,
    ...kinds,
    ...shortNames,
    ...same,
    ...categories,
  ];
}

function wrongName(field: string, name: string): FieldError[] {
  const why = name === '' ? undefined : wrongLabel(name);
  return why === undefined ? [] : [invalid(field, name, why)];
}

function wrongKind(field: string, kind: string): FieldError[] {
  const why = kind === '' ? undefined : wrongLabel(kind.toLowerCase());
  return why === undefined
    ? []
    : [invalid(field, kind, `may have mixed case, but should otherwise match: ${why}`)];
}
