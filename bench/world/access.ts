import { readFile, writeFile } from 'node:fs/promises';
import type { KubeObject, Manifest, ResourceType } from '../../src/api/kube-object.ts';
import type { Transport } from '../../src/kube/transport.ts';
import type { KubeClient } from '../../src/kube/client.ts';

const NAMESPACE = 'headframe-system';
const NAME = 'headframe-operator';

/** As which the API server knows the operator. */
export const OPERATOR_USER = `system:serviceaccount:${NAMESPACE}:${NAME}`;

export const Namespaces: ResourceType<KubeObject> = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
};
export const ServiceAccounts: ResourceType<KubeObject> = {
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  namespaced: true,
};
interface ClusterRoleBinding extends KubeObject {
  roleRef: { apiGroup: string; kind: string; name: string };
  subjects: { kind: string; name: string; namespace: string }[];
}
const ClusterRoleBindings: ResourceType<ClusterRoleBinding> = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  namespaced: false,
};

/**
 * Gives the operator a service account, as it has in a cluster: the API server then treats its requests by the same priority and
 * fairness as anybody's, which an administrator's pass by. Writes a kubeconfig with its token to `file`.
 */
export async function giveAccess(parts: {
  readonly client: KubeClient;
  readonly transport: Transport;
  readonly adminKubeconfig: string;
  readonly file: string;
}): Promise<void> {
  const { client, transport, adminKubeconfig, file } = parts;
  await client.create(Namespaces, named({ name: NAMESPACE }, Namespaces));
  await client.create(ServiceAccounts, named({ name: NAME, namespace: NAMESPACE }, ServiceAccounts));
  await client.create(ClusterRoleBindings, {
    ...named({ name: NAME }, ClusterRoleBindings),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }],
  });
  const answer = await transport.request({
    method: 'POST',
    path: `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/${NAME}/token`,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: 7200 },
    }),
  });
  const token = (JSON.parse(answer.body) as { status?: { token?: string } }).status?.token;
  if (token === undefined) {
    throw new Error(`no token for the operator's service account: ${answer.body}`);
  }
  const admin = await readFile(adminKubeconfig, 'utf8');
  const text = admin
    .replace(/token: .*/, `token: ${token}`)
    .replace(/namespace: .*/, `namespace: ${NAMESPACE}`);
  await writeFile(file, text, { mode: 0o600 });
}

/** A manifest with a name and nothing else. */
export function named(
  metadata: { name: string; namespace?: string },
  { group, version, kind }: ResourceType<KubeObject>,
): Manifest<KubeObject> {
  return { apiVersion: group === '' ? version : `${group}/${version}`, kind, metadata };
}
