import * as z from 'zod';
import { celRules } from './kind.ts';

/*
 * The field types that several kinds share. Every schema here is a property's: its description says what the field
 * means, with unit and limits where they are not plain from the schema.
 */

/** The longest string an int-or-string field may hold: room for any sensible quantity, small enough for CEL's budget. */
const MAX_INT_OR_STRING_LENGTH = 32;

type IntOrString = z.ZodUnion<readonly [z.ZodInt, z.ZodString]>;

/** An integer or a string, as Kubernetes' IntOrString and Quantity. */
function intOrString(): IntOrString {
  return z
    .union([z.int(), z.string().max(MAX_INT_OR_STRING_LENGTH)])
    .meta({ 'x-kubernetes-int-or-string': true, maxLength: MAX_INT_OR_STRING_LENGTH });
}

/**
 * A Kubernetes quantity of at least zero. Refused with a sentence instead of the pattern that nobody can read. Kubernetes
 * itself takes '.' for 0: hence the digit.
 */
export function quantity(): IntOrString {
  return intOrString().meta(
    celRules({
      rule: "type(self) == string ? (self.matches('[0-9]') && isQuantity(self) && quantity(self).compareTo(quantity('0')) >= 0) : self >= 0",
      message: "must be a Kubernetes quantity of at least 0, such as '40Gi', '500M' or 1024",
    }),
  );
}

/** A number of replicas, or a percentage of them. */
export function intOrPercent(): IntOrString {
  return intOrString().meta(
    celRules({
      rule: "type(self) == string ? self.matches('^(100|[1-9]?[0-9])%$') : self >= 0",
      message: "must be a number of at least 0, or a percentage from '0%' to '100%'",
    }),
  );
}

/** A text that can be the value of a Kubernetes label: at most 63 letters, digits, dashes, underscores and dots. */
export function labelValue(): z.ZodString {
  return z
    .string()
    .min(1)
    .max(63)
    .regex(/^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/);
}

/** An amount of US dollars of at least 0, exact to a millionth, as a decimal string. */
export function usDollars(): z.ZodString {
  return z
    .string()
    .max(16)
    .meta(
      celRules({
        rule: "self.matches('^[0-9]{1,9}([.][0-9]{1,6})?$')",
        message:
          "must be US dollars of at least 0, with at most 9 digits before and 6 after the point, such as '0.40'",
      }),
    );
}

/** An int32 that cannot be negative and is 0 until something is counted. */
export function count(): z.ZodDefault<z.ZodInt32> {
  return z.int32().min(0).default(0);
}

/** An amount too fine for an integer, as a decimal string: there are no floats in the API. */
export function decimal(): z.ZodString {
  return z
    .string()
    .max(32)
    .regex(/^[0-9]+(\.[0-9]+)?$/);
}

/** The `metadata.generation` that a status speaks of. */
export function observedGeneration(): z.ZodExactOptional<z.ZodInt> {
  return z
    .int()
    .min(0)
    .exactOptional()
    .describe('The metadata.generation of the object that this status describes.');
}

const Condition = z
  .object({
    type: z
      .string()
      .min(1)
      .max(316)
      .regex(/^[A-Z][A-Za-z0-9]*$/)
      .describe('What the condition is about, in CamelCase, such as Ready.'),
    status: z.enum(['True', 'False', 'Unknown']).describe('Whether the condition holds.'),
    observedGeneration: z
      .int()
      .min(0)
      .exactOptional()
      .describe('The metadata.generation of the object that this condition describes.'),
    lastTransitionTime: z.iso.datetime().describe('When the status last changed.'),
    reason: z
      .string()
      .min(1)
      .max(1024)
      .regex(/^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/)
      .describe('Why the condition has its status: a name from the catalogue of reasons.'),
    message: z.string().max(32_768).describe('The same for people; may be empty.'),
  })
  .describe('One observation of the object’s state (metav1.Condition).');

/** `status.conditions`: a list-map by type, of exactly metav1.Condition. `types` names the types in use and their meaning. */
export function conditions(types: string): z.ZodDefault<z.ZodArray<typeof Condition>> {
  return z
    .array(Condition)
    .max(16)
    .default([])
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'] })
    .describe(`The latest observations of the object's state. Types: ${types}.`);
}
