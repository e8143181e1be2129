import type { Verb } from './resource.ts';

/** A built-in resource, in the few words that discovery needs. */
export interface BuiltinResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly namespaced: boolean;
  readonly status?: boolean;
  readonly scale?: boolean;
  /** Default: all. */
  readonly verbs?: readonly Verb[];
}

/** In the order in which discovery names them (by group, then by plural). */
export const allVerbs: readonly Verb[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

const core = { group: '', version: 'v1' };
const apps = { group: 'apps', version: 'v1' };
const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1' };
const workload = { categories: ['all'], status: true, namespaced: true };

/** What this server serves besides custom resources. */
export const builtinResources: readonly BuiltinResource[] = [
  { ...core, kind: 'ConfigMap', plural: 'configmaps', shortNames: ['cm'], namespaced: true },
  { ...core, kind: 'Event', plural: 'events', shortNames: ['ev'], namespaced: true },
  {
    ...core,
    kind: 'Namespace',
    plural: 'namespaces',
    shortNames: ['ns'],
    namespaced: false,
    status: true,
    verbs: allVerbs.filter((verb) => verb !== 'deletecollection'),
  },
  { ...core, kind: 'Node', plural: 'nodes', shortNames: ['no'], namespaced: false, status: true },
  {
    ...core,
    kind: 'PersistentVolumeClaim',
    plural: 'persistentvolumeclaims',
    shortNames: ['pvc'],
    namespaced: true,
    status: true,
  },
  {
    ...core,
    kind: 'PersistentVolume',
    plural: 'persistentvolumes',
    shortNames: ['pv'],
    namespaced: false,
    status: true,
  },
  { ...core, kind: 'Pod', plural: 'pods', shortNames: ['po'], ...workload },
  { ...core, kind: 'Secret', plural: 'secrets', namespaced: true },
  { ...core, kind: 'ServiceAccount', plural: 'serviceaccounts', shortNames: ['sa'], namespaced: true },
  { ...core, kind: 'Service', plural: 'services', shortNames: ['svc'], ...workload },
  { ...apps, kind: 'ControllerRevision', plural: 'controllerrevisions', namespaced: true },
  { ...apps, kind: 'Deployment', plural: 'deployments', shortNames: ['deploy'], scale: true, ...workload },
  { ...apps, kind: 'ReplicaSet', plural: 'replicasets', shortNames: ['rs'], scale: true, ...workload },
  {
    group: 'events.k8s.io',
    version: 'v1',
    kind: 'Event',
    plural: 'events',
    shortNames: ['ev'],
    namespaced: true,
  },
  {
    group: 'authorization.k8s.io',
    version: 'v1',
    kind: 'SelfSubjectAccessReview',
    plural: 'selfsubjectaccessreviews',
    namespaced: false,
    verbs: ['create'],
  },
  { ...rbac, kind: 'ClusterRoleBinding', plural: 'clusterrolebindings', namespaced: false },
  { ...rbac, kind: 'ClusterRole', plural: 'clusterroles', namespaced: false },
  { ...rbac, kind: 'RoleBinding', plural: 'rolebindings', namespaced: true },
  { ...rbac, kind: 'Role', plural: 'roles', namespaced: true },
  {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    kind: 'CustomResourceDefinition',
    plural: 'customresourcedefinitions',
    shortNames: ['crd', 'crds'],
    categories: ['api-extensions'],
    namespaced: false,
    status: true,
  },
  {
    group: 'scheduling.k8s.io',
    version: 'v1',
    kind: 'PriorityClass',
    plural: 'priorityclasses',
    shortNames: ['pc'],
    namespaced: false,
  },
  { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease', plural: 'leases', namespaced: true },
];
