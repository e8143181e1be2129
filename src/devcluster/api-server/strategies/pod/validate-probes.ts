import type { FieldError } from '../../field-error.ts';
import { invalidValue, required } from '../../field-errors.ts';
import { isObject } from '../../schema/json.ts';
import type { JsonObject } from '../../schema/schema.ts';

const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc'] as const;
const NUMBERS = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const;

/** That each probe of a container asks in one way, at a port that there can be. */
export function validateProbes(container: JsonObject, path: string): FieldError[] {
  return ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((name) => {
    const probe = container[name];
    return isObject(probe) ? validateProbe(probe, `${path}.${name}`) : [];
  });
}

function validateProbe(probe: JsonObject, path: string): FieldError[] {
  const [first, ...more] = HANDLERS.filter((handler) => isObject(probe[handler]));
  return [
    ...(first === undefined ? [required(path, 'must specify a handler type')] : []),
    ...more.map((handler) => ({
      reason: 'FieldValueForbidden' as const,
      field: `${path}.${handler}`,
      detail: 'may not specify more than 1 handler type',
    })),
    ...['httpGet', 'tcpSocket', 'grpc'].flatMap((handler) =>
      validatePort(probe[handler], `${path}.${handler}`),
    ),
    ...NUMBERS.flatMap((field) => {
      const value = probe[field];
      return typeof value === 'number' && value < 0
        ? [invalidValue(`${path}.${field}`, value, 'must be greater than or equal to 0')]
        : [];
    }),
  ];
}

function validatePort(handler: JsonObject[string], path: string): FieldError[] {
  const port = isObject(handler) ? handler['port'] : undefined;
  return typeof port === 'number' && (port < 1 || port > 65_535)
    ? [invalidValue(`${path}.port`, port, 'must be between 1 and 65535, inclusive')]
    : [];
}
