import type { Difference } from './compare.ts';

/** A difference that is accepted, with the reason. It must occur: one that has gone is to be removed here. */
export interface KnownDifference {
  readonly reason: string;
  /** The cases that it is limited to. */
  readonly case?: RegExp;
  readonly path?: RegExp;
  /** What the real server answers, as JSON. */
  readonly real?: RegExp;
  /** What the embedded server answers, as JSON. */
  readonly embedded?: RegExp;
}

export const knownDifferences: readonly KnownDifference[] = [
  {
    reason: "errors of Go's parsers (JSON, YAML, regular expressions, CEL) are those of our parsers",
    path: /^body\.message$/,
    real: /json parse error|yaml: line|error converting YAML|error parsing regexp|compilation failed|json: cannot unmarshal/,
  },
  {
    reason: 'a refused change of a pod shows no diff of the Go structs',
    path: /^(body\.message|stderr)$/,
    real: /pod updates may not change fields other than .*\\n@@ /,
  },
  {
    reason: 'answers are JSON, never protobuf or YAML',
    case: /^content types that are accepted$/,
  },
  {
    reason: 'the cost of rules is not estimated: definitions come from us, and were tried on a real server',
    case: /^bad definition: a rule that costs too much$/,
  },
  {
    reason: 'a field that is given twice goes unnoticed: JSON.parse takes the last one',
    real: /duplicate field/,
  },
  {
    reason:
      'old or odd forms of answers: Tables of v1beta1 and of Scales, metadata alone asked for by the wrong one of its two names',
    case: /^(table through other accept headers|scale of a gadget|metadata alone)$/,
    path: /^(status|body\..*)$/,
  },
  {
    reason:
      'paths under /watch, deprecated since 1.11, and what upstream finds behind a path that is too long',
    case: /^(watch one object by its path|subresources that do not exist)$/,
    path: /^status$/,
  },
  {
    reason: 'discovery does not name subresources that are not served (exec, proxy and the like)',
    case: /^aggregated discovery$/,
    path: /subresources/,
  },
  {
    reason:
      'OpenAPI documents hold what kubectl reads; there is none of version 2, which it asks for kinds that do not exist',
    case: /^(OpenAPI of (our group|pods)|kubectl apply of what is wrong)$/,
    path: /\.default$|template\.(properties|required)$|x-kubernetes-selectable-fields$|^body\[\d+\]$|^stderr$/,
  },
  {
    reason: 'the types of the metadata of an embedded resource are not looked at',
    case: /^schema: embedded resources$/,
    real: /cannot unmarshal number into Go struct field ObjectMeta/,
  },
  {
    reason:
      'directives of strategic merge patches that are no lists, or name no field, are refused in other words or ignored',
    case: /^strategic patch: an (order of containers|element order)$/,
    path: /^status$/,
  },
  {
    reason:
      'fields are owned by version without conversion: an apply through a version that lacks an owned field goes through',
    case: /^(apply through another version|schema: an invalid value that does not change may stay)$/,
  },
];

/** The first that explains the difference. */
export function explanation(
  difference: Difference,
  known: readonly KnownDifference[] = knownDifferences,
): KnownDifference | undefined {
  return known.find(
    (rule) =>
      matches(rule.case, difference.case) &&
      matches(rule.path, difference.path) &&
      matches(rule.real, asText(difference.real)) &&
      matches(rule.embedded, asText(difference.embedded)),
  );
}

function asText(value: Difference['real']): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function matches(wanted: RegExp | undefined, text: string): boolean {
  return wanted?.test(text) ?? true;
}
