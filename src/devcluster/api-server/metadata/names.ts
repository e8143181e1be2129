/*
 * What Kubernetes allows as a name, with the words in which it refuses others (k8s.io/apimachinery/pkg/util/validation).
 * Each function returns the objections; none means that the name is fine.
 */

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = `(${QUALIFIED})?`;

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);
const labelPattern = whole(LABEL);
const subdomainPattern = whole(SUBDOMAIN);
const qualifiedPattern = whole(QUALIFIED);
const valuePattern = whole(LABEL_VALUE);

function examples(pattern: string, ...names: string[]): string {
  const [first = '', ...more] = names.map((name) => `'${name}'`);
  return `(e.g. ${[first, ...more.map((name) => ` or ${name}`)].join(', ')}, regex used for validation is '${pattern}')`;
}

const tooLong = (max: number): string => `must be no more than ${max} bytes`;
const tooManyCharacters = (max: number): string => `must be no more than ${max} characters`;

const labelRule = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character ${examples(LABEL, 'my-name', '123-abc')}`;
const subdomainRule = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character ${examples(SUBDOMAIN, 'example.com')}`;
const qualifiedRule = `must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character ${examples(QUALIFIED, 'MyName', 'my.name', '123-abc')}`;
const valueRule = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character ${examples(LABEL_VALUE, 'MyValue', 'my_value', '12345')}`;

/** RFC 1123 label: names of namespaces, containers. */
export function labelNameErrors(name: string): string[] {
  const length = name.length > 63 ? [tooManyCharacters(63)] : [];
  if (name.includes('.')) {
    return [...length, 'must not contain dots'];
  }
  return [...length, ...(labelPattern.test(name) ? [] : [labelRule])];
}

/** RFC 1123 subdomain: names of most objects. */
export function subdomainErrors(name: string): string[] {
  return [
    ...(name.length > 253 ? [tooManyCharacters(253)] : []),
    ...(subdomainPattern.test(name) ? [] : [subdomainRule]),
  ];
}

/** What may be a segment of a path: names of RBAC objects. */
export function pathSegmentErrors(name: string): string[] {
  if (name === '.' || name === '..') {
    return [`may not be '${name}'`];
  }
  return ['/', '%'].filter((part) => name.includes(part)).map((part) => `may not contain '${part}'`);
}

/** Keys of labels and annotations, finalizers: `name` or `prefix/name`. */
export function qualifiedNameErrors(name: string): string[] {
  const parts = name.split('/');
  if (parts.length > 2) {
    return [
      `a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character ${examples(QUALIFIED, 'MyName', 'my.name', '123-abc')} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const local = parts.at(-1) ?? '';
  return [
    ...(parts.length === 2 ? prefixErrors(parts[0] ?? '') : []),
    ...(local === '' ? ['name part must be non-empty'] : []),
    ...(local.length > 63 ? [`name part ${tooLong(63)}`] : []),
    ...(qualifiedPattern.test(local) ? [] : [`name part ${qualifiedRule}`]),
  ];
}

function prefixErrors(prefix: string): string[] {
  return prefix === ''
    ? ['prefix part must be non-empty']
    : subdomainErrors(prefix).map((error) => `prefix part ${error}`);
}

export function labelValueErrors(value: string): string[] {
  return [...(value.length > 63 ? [tooLong(63)] : []), ...(valuePattern.test(value) ? [] : [valueRule])];
}
