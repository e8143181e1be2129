import { createHash } from 'node:crypto';
import { groupVersionOf, type Resource } from '../resources/resource.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { subresourcesOf } from './subresource-names.ts';

/** The resources of one API group, versions in the order of preference. */
export interface GroupOfResources {
  readonly group: string;
  readonly versions: readonly { readonly version: string; readonly resources: readonly Resource[] }[];
}

/** In the order in which groups and versions were registered; a higher version of a group comes first. */
export function groupsOf(resources: readonly Resource[]): GroupOfResources[] {
  const groups = new Map<string, Map<string, Resource[]>>();
  for (const resource of resources) {
    const versions = groups.get(resource.group) ?? new Map<string, Resource[]>();
    groups.set(resource.group, versions);
    versions.set(resource.version, [...(versions.get(resource.version) ?? []), resource]);
  }
  return [...groups].map(([group, versions]) => ({
    group,
    versions: [...versions]
      .map(([version, members]) => ({ version, resources: members }))
      .sort((a, b) => compareVersions(b.version, a.version)),
  }));
}

/** `v1alpha1` < `v1beta1` < `v1` < `v2`: how Kubernetes orders versions. */
export function compareVersions(a: string, b: string): number {
  const [stageA, majorA, minorA] = rank(a);
  const [stageB, majorB, minorB] = rank(b);
  return stageA - stageB || majorA - majorB || minorA - minorB || (a < b ? 1 : a > b ? -1 : 0);
}

function rank(version: string): [stage: number, major: number, minor: number] {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (match === null) {
    return [0, 0, 0];
  }
  const [, major, stage, minor = '0'] = match;
  const stageRank = stage === undefined ? 3 : stage === 'beta' ? 2 : 1;
  return [stageRank, Number(major), Number(minor)];
}

/** `/apis/GROUP` */
export function apiGroup({ group, versions }: GroupOfResources): JsonObject {
  const entries = versions.map(({ version }) => ({
    groupVersion: groupVersionOf({ group, version }),
    version,
  }));
  return { name: group, versions: entries, preferredVersion: entries[0] ?? null };
}

/** `/apis` */
export function apiGroupList(groups: readonly GroupOfResources[]): JsonObject {
  const named = groups.filter(({ group }) => group !== '');
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: named.map(apiGroup) };
}

/** `/api` */
export function apiVersions(address: string): JsonObject {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
  };
}

/** `/api/v1`, `/apis/GROUP/VERSION` */
export function apiResourceList(groupVersion: string, resources: readonly Resource[]): JsonObject {
  const isCore = groupVersion === 'v1';
  return {
    kind: 'APIResourceList',
    ...(isCore ? {} : { apiVersion: 'v1' }),
    groupVersion,
    resources: resources.flatMap(entriesOf),
  };
}

function entriesOf(resource: Resource): Json[] {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories } = resource;
  return [
    {
      name: plural,
      singularName: singular,
      namespaced,
      kind,
      verbs: [...verbs],
      ...(shortNames.length === 0 ? {} : { shortNames: [...shortNames] }),
      ...(categories.length === 0 ? {} : { categories: [...categories] }),
      ...(verbs.includes('get') ? { storageVersionHash: storageVersionHash(resource) } : {}),
    },
    ...subresourcesOf(resource).map(({ name, kind: served, group, version, verbs: allowed }) => ({
      name: `${plural}/${name}`,
      singularName: '',
      namespaced,
      ...(group === undefined ? {} : { group, version }),
      kind: served,
      verbs: [...allowed],
    })),
  ];
}

/** Changes when objects are stored as another kind (apiserver discovery.StorageVersionHash). */
function storageVersionHash({ group, version, kind, storageVersion = version }: Resource): string {
  return createHash('sha256')
    .update(`${group}/${storageVersion}/${kind}`)
    .digest()
    .subarray(0, 8)
    .toString('base64');
}
