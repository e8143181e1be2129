import type { Json } from './schema/schema.ts';

/** Why a field is refused: `reason` of a cause in a Status of reason `Invalid` (k8s.io/apimachinery field.ErrorType). */
export type FieldErrorReason =
  | 'FieldValueRequired'
  | 'FieldValueInvalid'
  | 'FieldValueDuplicate'
  | 'FieldValueForbidden'
  | 'FieldValueNotFound'
  | 'FieldValueNotSupported'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueTypeInvalid';

/** One objection to an object, before it is worded as a Status. */
export interface FieldError {
  readonly reason: FieldErrorReason;
  /** Such as `spec.containers[0].image`; `<nil>` for the object itself, as upstream words it. */
  readonly field: string;
  /** What stands after the reason and the value, such as `must be greater than or equal to 0`. */
  readonly detail: string;
  /** The value objected to; absent where upstream shows none (Required, Forbidden). */
  readonly value?: Json;
}
