import type { Resource } from '../resources/resource.ts';
import { pathSegmentErrors } from '../metadata/names.ts';
import { isObject, jsonEquals } from '../schema/json.ts';
import { invalidValue } from '../field-errors.ts';
import { definitionStrategy } from './custom-resource-definition.ts';
import { configMapStrategy, dropEmptyMaps } from './config-map.ts';
import { validateSecret, validateSecretUpdate } from './secret.ts';
import { leaseStrategy } from './lease.ts';
import { eventStrategy } from './event.ts';
import { namespaceStrategy } from './namespace.ts';
import { nodeStrategy } from './node.ts';
import { podStrategy } from './pod/pod.ts';
import { priorityClassStrategy } from './priority-class.ts';
import { serviceStrategy } from './service.ts';
import { metadataFields, plainStrategy, type Strategy } from './strategy.ts';

/** By resource, for those that differ from {@link plainStrategy}. */
const strategies: Readonly<Record<string, Strategy>> = {
  pods: podStrategy,
  nodes: nodeStrategy,
  namespaces: namespaceStrategy,
  events: eventStrategy,
  configmaps: configMapStrategy,
  secrets: {
    ...plainStrategy,
    defaults: (secret) => {
      if ((secret['type'] ?? '') === '') {
        secret['type'] = 'Opaque';
      }
      encodeStringData(secret);
      dropEmptyMaps(secret, ['data']);
    },
    validate: validateSecret,
    validateUpdate: validateSecretUpdate,
    fields: (secret) => ({
      ...metadataFields(secret),
      type: typeof secret['type'] === 'string' ? secret['type'] : '',
    }),
  },
  services: serviceStrategy,
  serviceaccounts: { ...plainStrategy, returnsDeleted: true },
  persistentvolumeclaims: { ...plainStrategy, returnsDeleted: true },
  persistentvolumes: { ...plainStrategy, returnsDeleted: true },
  leases: leaseStrategy,
  controllerrevisions: {
    ...plainStrategy,
    validate: ({ revision }) =>
      typeof revision === 'number' && revision < 0
        ? [invalidValue('revision', revision, 'must be greater than or equal to 0')]
        : [],
    validateUpdate: ({ data = null }, live) =>
      jsonEquals(data, live['data'] ?? null) ? [] : [invalidValue('data', data, 'field is immutable')],
  },
  deployments: { ...plainStrategy, counted: true },
  replicasets: { ...plainStrategy, counted: true },
  priorityclasses: priorityClassStrategy,
  customresourcedefinitions: definitionStrategy,
  roles: { ...plainStrategy, nameErrors: pathSegmentErrors, createsOnUpdate: true },
  rolebindings: { ...plainStrategy, nameErrors: pathSegmentErrors, createsOnUpdate: true },
  clusterroles: { ...plainStrategy, nameErrors: pathSegmentErrors, createsOnUpdate: true },
  clusterrolebindings: { ...plainStrategy, nameErrors: pathSegmentErrors, createsOnUpdate: true },
};

export function strategyOf({ plural }: Resource): Strategy {
  return strategies[plural] ?? plainStrategy;
}

/** Plain texts of `stringData` join the data, encoded; the field itself is only for writing. */
function encodeStringData(secret: Record<string, unknown>): void {
  const { stringData } = secret;
  if (!isObject(stringData as never)) {
    return;
  }
  const encoded = Object.entries(stringData as Record<string, unknown>).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString('base64'),
  ]);
  secret['data'] = { ...(secret['data'] as object | undefined), ...Object.fromEntries(encoded) };
  delete secret['stringData'];
}
