import type { Immutable, KubeObject, OwnerReference } from '../../../api/kube-object.ts';
import type { KubeClient } from '../../../kube/client.ts';
import { isNotFound } from '../../../kube/errors.ts';
import { createLru, type Lru } from '../../../kube/lru.ts';
import type { ApiResource, ApiResources } from '../api-resources.ts';
import { FOREGROUND, isForeground, names, type OwnerGraph } from './graph.ts';

/** What an object's owner references come to. */
export interface OwnerVerdicts {
  /** Owners that keep the object alive. */
  readonly solid: readonly string[];
  /** UIDs of owners that do not exist. */
  readonly dangling: readonly string[];
  /** UIDs of owners that wait for the object to be gone. */
  readonly waiting: readonly string[];
}

/** An owner whose kind nobody serves: whether it exists cannot be known, so nothing is deleted for its sake. */
export class UnknownOwnerKindError extends Error {
  override readonly name = 'UnknownOwnerKindError';
}

/** A cluster-scoped object cannot be owned by one in a namespace: nothing is deleted for the sake of such an owner. */
export class ImpossibleOwnerError extends Error {
  override readonly name = 'ImpossibleOwnerError';
}

/** Owners known to be absent, by UID and place: a UID never comes back, so a thousand dependents ask once. */
export type AbsentOwners = Lru<true>;

/** garbagecollector: the absent owner cache holds 500. */
export function absentOwners(): AbsentOwners {
  return createLru(500);
}

/** What the verdicts are found out with. */
export interface OwnerSources {
  readonly graph: OwnerGraph;
  readonly resources: ApiResources;
  readonly client: KubeClient;
  readonly absent: AbsentOwners;
}

/**
 * Finds out about each owner. One that the graph does not know, or knows elsewhere, is asked for: nothing is deleted on the
 * word of a cache.
 * @throws UnknownOwnerKindError, ImpossibleOwnerError, ApiError
 */
export async function ownerVerdicts(
  object: Immutable<KubeObject>,
  resource: ApiResource,
  sources: OwnerSources,
): Promise<OwnerVerdicts> {
  const verdicts = { solid: [] as string[], dangling: [] as string[], waiting: [] as string[] };
  for (const reference of object.metadata.ownerReferences ?? []) {
    const known = sources.graph.get(reference.uid);
    if (known !== undefined && names(reference, { namespace: object.metadata.namespace }, known)) {
      verdicts[isForeground(known) ? 'waiting' : 'solid'].push(reference.uid);
    } else {
      verdicts[await askFor(reference, object, { ...sources, resource })].push(reference.uid);
    }
  }
  return verdicts;
}

async function askFor(
  { apiVersion, kind, name, uid }: Immutable<OwnerReference>,
  { metadata }: Immutable<KubeObject>,
  { resource, resources, client, absent }: OwnerSources & { readonly resource: ApiResource },
): Promise<keyof OwnerVerdicts> {
  const type = resources.find(apiVersion, kind);
  if (type === undefined) {
    throw new UnknownOwnerKindError(`no resource is served for owner ${apiVersion} ${kind}`);
  }
  if (type.namespaced && !resource.namespaced) {
    throw new ImpossibleOwnerError(`${kind} ${name} has a namespace and cannot own a cluster-scoped object`);
  }
  // An owner is looked for beside its dependent: in another namespace it counts as absent.
  const namespace = type.namespaced ? metadata.namespace : undefined;
  const place = [uid, type.group, kind, namespace, name].join('/');
  if (absent.get(place) === true) {
    return 'dangling';
  }
  try {
    const owner = await client.get(type, { namespace, name });
    if (owner.metadata.uid === uid) {
      return presence(owner);
    }
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
  }
  absent.set(place, true);
  return 'dangling';
}

function presence({ metadata }: KubeObject): 'solid' | 'waiting' {
  const foreground = metadata.deletionTimestamp !== undefined && metadata.finalizers?.includes(FOREGROUND);
  return foreground === true ? 'waiting' : 'solid';
}
