import type { FieldError } from '../field-error.ts';
import { invalidValue, required } from '../field-errors.ts';
import { labelNameErrors } from '../metadata/names.ts';
import { isObject } from '../schema/json.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { objectsIn } from './pod/defaults.ts';
import { plainStrategy, type Strategy, type StrategyContext } from './strategy.ts';

/** Services as names of pods and addresses; nothing forwards packets to the addresses. */
export const serviceStrategy: Strategy = {
  ...plainStrategy,
  nameErrors: labelNameErrors,
  returnsDeleted: true,
  defaults: setDefaults,
  prepareForCreate: (service, context) => {
    allocate(service, context);
    service['status'] = { loadBalancer: {} };
  },
  prepareForUpdate: (service, live) => {
    const before = isObject(live['spec']) ? live['spec'] : {};
    const spec = isObject(service['spec']) ? service['spec'] : {};
    for (const field of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'] as const) {
      if (before[field] !== undefined) {
        spec[field] ??= before[field];
      }
    }
  },
  validate: ({ spec }) => validatePorts(isObject(spec) ? spec : {}),
};

function setDefaults(service: JsonObject): void {
  const spec = isObject(service['spec']) ? service['spec'] : {};
  service['spec'] = spec;
  spec['sessionAffinity'] ??= 'None';
  spec['type'] ??= 'ClusterIP';
  if (spec['type'] !== 'ExternalName') {
    spec['internalTrafficPolicy'] ??= 'Cluster';
  }
  for (const port of objectsIn(spec['ports'])) {
    port['protocol'] ??= 'TCP';
    port['targetPort'] ??= port['port'];
  }
}

/** 10.96.0.0/16, the usual range of services; .0.1 is the API server's. */
const FIRST = 2;
const RANGE = 65_534;

/** The first address that is free. */
function allocate(service: JsonObject, { store }: StrategyContext): void {
  const spec = isObject(service['spec']) ? service['spec'] : {};
  if (spec['type'] === 'ExternalName') {
    return;
  }
  if ((spec['clusterIP'] ?? '') === '') {
    const taken = new Set<Json | undefined>(
      store
        .collection('services')
        .records()
        .map(({ object }) => (isObject(object['spec']) ? object['spec']['clusterIP'] : undefined)),
    );
    let host = FIRST;
    while (host < RANGE && taken.has(addressOf(host))) {
      host++;
    }
    spec['clusterIP'] = addressOf(host);
  }
  spec['clusterIPs'] = [spec['clusterIP'] ?? 'None'];
  spec['ipFamilies'] ??= ['IPv4'];
  spec['ipFamilyPolicy'] ??= 'SingleStack';
}

function addressOf(host: number): string {
  return `10.96.${Math.floor(host / 256)}.${host % 256}`;
}

const PORT_RULE = 'must be between 1 and 65535, inclusive';

function validatePorts({ ports, clusterIP }: JsonObject): FieldError[] {
  const all = objectsIn(ports);
  if (all.length === 0 && clusterIP !== 'None') {
    return [required('spec.ports')];
  }
  return all.flatMap(({ name = '', port, targetPort }, index) => {
    const path = `spec.ports[${index}]`;
    return [
      ...(all.length > 1 && name === '' ? [required(`${path}.name`)] : []),
      ...wrongPort(port, `${path}.port`),
      ...wrongPort(targetPort, `${path}.targetPort`),
    ];
  });
}

function wrongPort(port: Json | undefined, field: string): FieldError[] {
  return typeof port === 'number' && (port < 1 || port > 65_535)
    ? [invalidValue(field, port, PORT_RULE)]
    : [];
}
