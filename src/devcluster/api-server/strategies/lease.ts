import type { FieldError } from '../field-error.ts';
import { invalidValue } from '../field-errors.ts';
import { isObject } from '../schema/json.ts';
import { plainStrategy, type Strategy } from './strategy.ts';

export const leaseStrategy: Strategy = {
  ...plainStrategy,
  createsOnUpdate: true,
  unconditionalUpdate: false,
  defaults: (lease) => {
    lease['spec'] ??= {};
  },
  validate: ({ spec }) => {
    const { leaseDurationSeconds: duration, leaseTransitions: transitions } = isObject(spec) ? spec : {};
    const errors: FieldError[] = [];
    if (typeof duration === 'number' && duration <= 0) {
      errors.push(invalidValue('spec.leaseDurationSeconds', duration, 'must be greater than 0'));
    }
    if (typeof transitions === 'number' && transitions < 0) {
      const detail = 'must be greater than or equal to 0';
      errors.push(invalidValue('spec.leaseTransitions', transitions, detail));
    }
    return errors;
  },
};
