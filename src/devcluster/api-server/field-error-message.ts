import type { FieldError, FieldErrorReason } from './field-error.ts';
import type { Json } from './schema/schema.ts';

/** What stands before the value (k8s.io/apimachinery field.ErrorType.String). */
const titles: Readonly<Record<FieldErrorReason, string>> = {
  FieldValueRequired: 'Required value',
  FieldValueInvalid: 'Invalid value',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueForbidden: 'Forbidden',
  FieldValueNotFound: 'Not found',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueTooLong: 'Too long',
  FieldValueTooMany: 'Too many',
  FieldValueTypeInvalid: 'Invalid value',
};

/** The words of a cause in a Status: `Invalid value: 0: must be between 1 and 65535, inclusive`. */
export function fieldErrorMessage({ reason, value, detail }: FieldError): string {
  const title = value === undefined ? titles[reason] : `${titles[reason]}: ${shown(value)}`;
  return detail === '' ? title : `${title}: ${detail}`;
}

/** Go's JSON is fit for HTML. */
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Go writes a string quoted, and anything else as JSON. */
function shown(value: Json): string {
  if (typeof value === 'number' && Math.abs(value) >= 2 ** 63) {
    return value.toExponential();
  }
  const text = JSON.stringify(value);
  return typeof value === 'string'
    ? text.replace(/\\u00([01][0-9a-f])/g, '\\x$1')
    : text.replace(/[<>&]/g, escaped);
}
