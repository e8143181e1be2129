import { metadataOf } from '../storage/record.ts';
import { plainStrategy, type Strategy } from './strategy.ts';

/** Priorities above it are for the system's own classes. */
const HIGHEST_USER_PRIORITY = 1_000_000_000;

const KNOWN = ['system-cluster-critical', 'system-node-critical'];
const RESERVED = "priority class names with 'system-' prefix are reserved for system use only";

export const priorityClassStrategy: Strategy = {
  ...plainStrategy,
  defaults: (priorityClass) => {
    priorityClass['preemptionPolicy'] ??= 'PreemptLowerPriority';
    priorityClass['value'] ??= 0;
  },
  prepareForCreate: (priorityClass) => {
    priorityClass['metadata'] = { ...metadataOf(priorityClass), generation: 1 };
  },
  validate: ({ value, metadata }) => {
    const name = String((metadata as { name?: unknown }).name);
    if (name.startsWith('system-') && !KNOWN.includes(name)) {
      return [
        {
          reason: 'FieldValueForbidden',
          field: 'metadata.name',
          detail: `${RESERVED}. error: ${name} is not a known system priority class`,
        },
      ];
    }
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
      .map((field) => ({
        reason: 'FieldValueForbidden' as const,
        field,
        detail: 'may not be changed in an update.',
      })),
};
