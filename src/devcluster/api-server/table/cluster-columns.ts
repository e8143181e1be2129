import type { Json, JsonObject } from '../schema/schema.ts';
import { column, integerColumn, wideColumn, type Column } from './column.ts';
import { coreEventColumns, eventColumns } from './event-columns.ts';
import { at, namesAt, numberAt, objectsAt, textAt, textOr, textsAt } from './reading.ts';

const NONE = '<none>';
const UNKNOWN = '<unknown>';
const ROLE_LABEL = 'node-role.kubernetes.io/';

/** The columns of nodes, namespaces, services, events, leases, access control and priorities, by `group/kind`. */
export function clusterColumns(shared: {
  readonly name: Column;
  readonly age: Column;
}): Readonly<Record<string, readonly Column[]>> {
  const { name, age } = shared;
  return {
    '/Node': [
      name,
      column('Status', 'The status of the node', nodeStatus),
      column('Roles', 'The roles of the node', nodeRoles),
      age,
      column('Version', 'Kubelet Version reported by the node.', (node) =>
        textAt(node, 'status', 'nodeInfo', 'kubeletVersion'),
      ),
      wideColumn('Internal-IP', 'status.addresses', (node) => nodeAddress(node, 'InternalIP')),
      wideColumn('External-IP', 'status.addresses', (node) => nodeAddress(node, 'ExternalIP')),
      wideColumn(
        'OS-Image',
        'OS Image reported by the node from /etc/os-release (e.g. Debian GNU/Linux 7 (wheezy)).',
        (node) => textOr(textAt(node, 'status', 'nodeInfo', 'osImage'), UNKNOWN),
      ),
      wideColumn(
        'Kernel-Version',
        "Kernel Version reported by the node from 'uname -r' (e.g. 3.16.0-0.bpo.4-amd64).",
        kernelVersion,
      ),
      wideColumn(
        'Container-Runtime',
        'ContainerRuntime Version reported by the node through runtime remote API (e.g. containerd://1.4.2).',
        (node) => textOr(textAt(node, 'status', 'nodeInfo', 'containerRuntimeVersion'), UNKNOWN),
      ),
    ],
    '/Namespace': [
      name,
      column('Status', 'The status of the namespace', (one) => textAt(one, 'status', 'phase')),
      age,
    ],
    '/ServiceAccount': [name, age],
    '/Service': [
      name,
      column('Type', 'spec.type', (service) => textAt(service, 'spec', 'type')),
      column('Cluster-IP', 'spec.clusterIP', (service) => textsAt(service, 'spec', 'clusterIPs')[0] ?? NONE),
      column('External-IP', 'spec.externalIPs', externalAddress),
      column('Port(s)', 'spec.ports', (service) =>
        textOr(objectsAt(service, 'spec', 'ports').map(portText).join(','), NONE),
      ),
      age,
      wideColumn('Selector', 'spec.selector', (service) => labelsText(at(service, 'spec', 'selector'))),
    ],
    '/Event': eventColumns(name),
    'events.k8s.io/Event': coreEventColumns(name),
    '/PersistentVolumeClaim': [
      name,
      column('Status', 'status.phase', (claim) =>
        at(claim, 'metadata', 'deletionTimestamp') === undefined
          ? textAt(claim, 'status', 'phase')
          : 'Terminating',
      ),
      column('Volume', 'spec.volumeName', (claim) => textAt(claim, 'spec', 'volumeName')),
      column('Capacity', 'status.capacity', (claim) =>
        textAt(claim, 'spec', 'volumeName') === '' ? '' : textAt(claim, 'status', 'capacity', 'storage'),
      ),
      column('Access Modes', 'status.accessModes', accessModes),
      column('StorageClass', 'StorageClass of the pvc', (claim) => textAt(claim, 'spec', 'storageClassName')),
      column('VolumeAttributesClass', 'VolumeAttributesClass of the pvc', (claim) =>
        textOr(textAt(claim, 'spec', 'volumeAttributesClassName'), '<unset>'),
      ),
      age,
      wideColumn('VolumeMode', 'spec.volumeMode', (claim) =>
        textOr(textAt(claim, 'spec', 'volumeMode'), '<unset>'),
      ),
    ],
    'coordination.k8s.io/Lease': [
      name,
      column('Holder', 'spec.holderIdentity', (lease) => textAt(lease, 'spec', 'holderIdentity')),
      age,
    ],
    'scheduling.k8s.io/PriorityClass': [
      name,
      integerColumn('Value', 'value', (one) => numberAt(one, 'value')),
      {
        ...column('Global-Default', 'globalDefault', (one) => at(one, 'globalDefault') === true),
        type: 'boolean',
      },
      age,
      column('PreemptionPolicy', 'preemptionPolicy', (one) => textAt(one, 'preemptionPolicy')),
    ],
    'rbac.authorization.k8s.io/RoleBinding': bindingColumns(shared, 'roleBinding'),
    'rbac.authorization.k8s.io/ClusterRoleBinding': bindingColumns(shared, 'clusterRoleBinding'),
    'apiextensions.k8s.io/CustomResourceDefinition': [
      name,
      column('Scope', 'Cluster/Namespaced', (crd) => textAt(crd, 'spec', 'scope')),
      column('Versions', 'Served versions', servedVersions),
      { ...column('Created At', 'metadata.creationTimestamp', creation), type: 'date' },
      wideColumn('Group', 'API group', (crd) => textAt(crd, 'spec', 'group')),
      wideColumn('Kind', 'CustomResource kind', (crd) => textAt(crd, 'spec', 'names', 'kind')),
      wideColumn('ShortNames', 'Short names', (crd) => textsAt(crd, 'spec', 'names', 'shortNames').join(',')),
      { ...wideColumn('Established', 'Established status', isEstablished), type: 'boolean' },
    ],
    'autoscaling/Scale': [
      { ...name, description: 'metadata.name' },
      integerColumn('Desired', 'spec.replicas', (scale) => numberAt(scale, 'spec', 'replicas')),
      integerColumn('Available', 'status.replicas', (scale) => numberAt(scale, 'status', 'replicas')),
      age,
    ],
  };
}

function servedVersions(crd: JsonObject): string {
  return objectsAt(crd, 'spec', 'versions')
    .filter((version) => at(version, 'served') === true)
    .map((version) => `${textAt(version, 'name')}${at(version, 'storage') === true ? '(storage)' : ''}`)
    .sort()
    .join(',');
}

function creation(object: JsonObject): string {
  return textAt(object, 'metadata', 'creationTimestamp');
}

function isEstablished(crd: JsonObject): boolean {
  return objectsAt(crd, 'status', 'conditions').some(
    (condition) => textAt(condition, 'type') === 'Established' && textAt(condition, 'status') === 'True',
  );
}

function nodeStatus(node: JsonObject): string {
  const ready = objectsAt(node, 'status', 'conditions')
    .filter((one) => textAt(one, 'type') === 'Ready')
    .at(-1);
  const known = textAt(ready, 'status') === 'True' ? 'Ready' : 'NotReady';
  const status = ready === undefined ? 'Unknown' : known;
  return at(node, 'spec', 'unschedulable') === true ? `${status},SchedulingDisabled` : status;
}

function nodeRoles(node: JsonObject): string {
  const roles = namesAt(node, 'metadata', 'labels').flatMap((label) => {
    const role = label === 'kubernetes.io/role' ? textAt(node, 'metadata', 'labels', label) : '';
    return label.startsWith(ROLE_LABEL) ? [label.slice(ROLE_LABEL.length)] : [role];
  });
  const named = [...new Set(roles.filter((role) => role !== ''))].sort();
  return textOr(named.join(','), NONE);
}

function nodeAddress(node: JsonObject, type: string): string {
  const address = objectsAt(node, 'status', 'addresses').find((one) => textAt(one, 'type') === type);
  return textOr(textAt(address, 'address'), NONE);
}

function kernelVersion(node: JsonObject): string {
  const architecture = textAt(node, 'status', 'nodeInfo', 'architecture');
  const version = textOr(textAt(node, 'status', 'nodeInfo', 'kernelVersion'), UNKNOWN);
  return architecture === '' ? version : `${version} (${architecture})`;
}

function externalAddress(service: JsonObject): string {
  const addresses = textsAt(service, 'spec', 'externalIPs');
  switch (textAt(service, 'spec', 'type')) {
    case 'ClusterIP':
    case 'NodePort':
      return textOr(addresses.join(','), NONE);
    case 'LoadBalancer': {
      const given = objectsAt(service, 'status', 'loadBalancer', 'ingress').map((one) =>
        textOr(textAt(one, 'ip'), textAt(one, 'hostname')),
      );
      return textOr([...given, ...addresses].join(','), '<pending>');
    }
    case 'ExternalName':
      return textAt(service, 'spec', 'externalName');
    default:
      return UNKNOWN;
  }
}

function portText(port: JsonObject): string {
  const node = numberAt(port, 'nodePort');
  const number = node > 0 ? `${numberAt(port, 'port')}:${node}` : `${numberAt(port, 'port')}`;
  return `${number}/${textAt(port, 'protocol')}`;
}

function labelsText(labels: Json | undefined): string {
  const texts = namesAt(labels)
    .sort()
    .map((name) => `${name}=${textAt(labels, name)}`);
  return textOr(texts.join(','), NONE);
}

const MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

function accessModes(claim: JsonObject): string {
  const modes = textsAt(claim, 'status', 'accessModes').map((mode) => MODES[mode] ?? '');
  return textAt(claim, 'spec', 'volumeName') === '' ? '' : [...new Set(modes)].join(',');
}

function bindingColumns({ name, age }: { name: Column; age: Column }, kind: string): Column[] {
  return [
    name,
    column('Role', 'roleRef', (one) => `${textAt(one, 'roleRef', 'kind')}/${textAt(one, 'roleRef', 'name')}`),
    age,
    wideColumn('Users', `Users in the ${kind}`, (one) => subjects(one, 'User')),
    wideColumn('Groups', `Groups in the ${kind}`, (one) => subjects(one, 'Group')),
    wideColumn('ServiceAccounts', `ServiceAccounts in the ${kind}`, (one) => subjects(one, 'ServiceAccount')),
  ];
}

function subjects(binding: JsonObject, kind: string): string {
  return objectsAt(binding, 'subjects')
    .filter((subject) => textAt(subject, 'kind') === kind)
    .map((subject) =>
      kind === 'ServiceAccount'
        ? `${textAt(subject, 'namespace')}/${textAt(subject, 'name')}`
        : textAt(subject, 'name'),
    )
    .join(', ');
}
