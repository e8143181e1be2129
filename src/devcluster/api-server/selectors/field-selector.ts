import type { JsonObject } from '../schema/schema.ts';
import { badRequest } from '../status.ts';

interface FieldRequirement {
  readonly field: string;
  readonly value: string;
  readonly equal: boolean;
}

/** The fields of an object that selectors may use, by name; a field without a value is the empty string. */
export type SelectableFields = (object: JsonObject) => Readonly<Record<string, string>>;

/**
 * Reads a field selector: `a=b,c!=d`, with `\` before commas, equal signs and backslashes that belong to a value.
 * @throws StatusError 400 also for a field that the resource does not offer
 */
export function parseFieldSelector(
  text: string,
  fields: SelectableFields,
  example: JsonObject = {},
): (object: JsonObject) => boolean {
  const requirements = split(text)
    .map(parseRequirement)
    .filter(({ field, value }) => field !== '' || value !== '');
  const known = fields(example);
  for (const { field } of requirements) {
    if (!(field in known)) {
      throw badRequest(`field label not supported: ${field}`);
    }
  }
  return (object) => {
    const values = fields(object);
    return requirements.every(({ field, value, equal }) => (values[field] === value) === equal);
  };
}

/** At the commas that are not escaped. */
function split(text: string): string[] {
  return text.match(/(?:\\.|[^,\\])+/g) ?? [];
}

function parseRequirement(text: string): FieldRequirement {
  const match = /^((?:\\.|[^=!\\])*)(!=|==|=)(.*)$/s.exec(text);
  if (match === null) {
    throw badRequest(`invalid selector: '${text}'; can't understand '${text}'`);
  }
  const [, field = '', operator, value = ''] = match;
  if (/^(?:\\.|[^\\=])*=/.test(value)) {
    throw badRequest('invalid field selector: unescaped character in value: 61');
  }
  return { field, value: value.replace(/\\([\\,=])/g, '$1'), equal: operator !== '!=' };
}
