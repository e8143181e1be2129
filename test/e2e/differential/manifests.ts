import type { JsonObject } from '../../../src/devcluster/api-server/schema/schema.ts';

export function configMap(
  name: string,
  data: JsonObject = { k: 'v' },
  metadata: JsonObject = {},
): JsonObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data };
}

export function secret(name: string, fields: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, ...metadata }, ...fields };
}

export function lease(name: string, metadata: JsonObject = {}, spec: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, ...metadata },
    spec: { holderIdentity: 'me', leaseDurationSeconds: 15, ...spec },
  };
}

/** A pod that no scheduler, and nothing else on either side, ever touches. */
export function pod(name: string, spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, ...metadata },
    spec: {
      schedulerName: 'nobody',
      automountServiceAccountToken: false,
      containers: [{ name: 'main', image: 'image:1' }],
      ...spec,
    },
  };
}

export function pool(name: string, spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'headframe.dev/v1alpha1',
    kind: 'MinerPool',
    metadata: { name, ...metadata },
    spec: { template: { spec: { containers: [{ name: 'miner', image: 'miner:1' }] } }, ...spec },
  };
}

/** The name of a cluster-scoped object must hold the namespace, so that cases do not meet. */
export function node(name = '$ns', spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, ...metadata }, spec };
}

/** A field owner's reference to an answer by name, such as `$owner.metadata.uid`. */
export function ownedBy(answer: string, kind: string, more: JsonObject = {}): JsonObject {
  return {
    ownerReferences: [
      {
        apiVersion: `$${answer}.apiVersion`,
        kind,
        name: `$${answer}.metadata.name`,
        uid: `$${answer}.metadata.uid`,
        ...more,
      },
    ],
  };
}
