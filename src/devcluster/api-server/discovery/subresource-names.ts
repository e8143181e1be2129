import { groupVersionOf, type Resource } from '../resources/resource.ts';

/** A subresource as discovery names it. */
export interface SubresourceEntry {
  readonly name: string;
  /** The kind that is read and written there; of another group than the resource when `group` is set. */
  readonly kind: string;
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
}

const readWrite = ['get', 'patch', 'update'];

/** Subresources that only one resource has. */
const own: Readonly<Record<string, readonly SubresourceEntry[]>> = {
  pods: [
    { name: 'binding', kind: 'Binding', verbs: ['create'] },
    { name: 'eviction', kind: 'Eviction', group: 'policy', version: 'v1', verbs: ['create'] },
    { name: 'log', kind: 'Pod', verbs: ['get'] },
  ],
  namespaces: [{ name: 'finalize', kind: 'Namespace', verbs: ['update'] }],
};

/** In the order of their names; those of custom resources with the status first. */
export function subresourcesOf(resource: Resource): SubresourceEntry[] {
  const { kind, subresources } = resource;
  const entries: SubresourceEntry[] = [
    ...(groupVersionOf(resource) === 'v1' ? (own[resource.plural] ?? []) : []),
    ...(subresources.scale === undefined
      ? []
      : [{ name: 'scale', kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: readWrite }]),
    ...(subresources.status === true ? [{ name: 'status', kind, verbs: readWrite }] : []),
  ];
  return resource.custom ? entries.reverse() : entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}
