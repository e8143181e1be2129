import { invalidValue } from '../field-errors.ts';
import { plainStrategy, type Strategy } from './strategy.ts';

/** Priorities above it are for the system's own classes. */
const HIGHEST_USER_PRIORITY = 1_000_000_000;

export const priorityClassStrategy: Strategy = {
  ...plainStrategy,
  counted: true,
  defaults: (priorityClass) => {
    priorityClass['preemptionPolicy'] ??= 'PreemptLowerPriority';
    priorityClass['value'] ??= 0;
  },
  validate: ({ value, metadata }) => {
    const name = String((metadata as { name?: unknown }).name);
    return typeof value === 'number' && value > HIGHEST_USER_PRIORITY && !name.startsWith('system-')
      ? [
          {
            reason: 'FieldValueForbidden',
            field: 'value',
            detail: `maximum allowed value of a user defined priority is ${HIGHEST_USER_PRIORITY}`,
          },
        ]
      : [];
  },
  validateUpdate: (priorityClass, live) =>
    ['value', 'preemptionPolicy']
      .filter((field) => priorityClass[field] !== live[field])
      .map((field) => invalidValue(field, priorityClass[field] ?? null, 'field is immutable')),
};
