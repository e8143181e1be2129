import { builtinSchema } from '../schema/builtin-schemas.ts';
import type { Store } from '../storage/store.ts';
import { strategyOf } from '../strategies/strategies.ts';
import { storedAsCoreEvent } from '../strategies/event.ts';
import { allVerbs, builtinResources, type BuiltinResource } from './builtin-resources.ts';
import { qualifiedName, type Resource } from './resource.ts';
import type { Served } from './served.ts';

/** The built-in resources over a store. */
export function builtinServed(store: Store): Served[] {
  return builtinResources.map((builtin) => {
    const resource = resourceOf(builtin);
    const strategy = strategyOf(resource);
    // Both API groups of events are doors to the same objects.
    if (resource.group === 'events.k8s.io') {
      return { resource, collection: store.collection('events'), strategy, ...storedAsCoreEvent };
    }
    return { resource, collection: store.collection(qualifiedName(resource)), strategy };
  });
}

function resourceOf(builtin: BuiltinResource): Resource {
  const { group, version, kind } = builtin;
  return {
    group,
    version,
    kind,
    listKind: `${kind}List`,
    plural: builtin.plural,
    singular: builtin.singular ?? kind.toLowerCase(),
    shortNames: builtin.shortNames ?? [],
    categories: builtin.categories ?? [],
    namespaced: builtin.namespaced,
    verbs: builtin.verbs ?? allVerbs,
    // Upstream still stores definitions as it did before v1.
    ...(kind === 'CustomResourceDefinition' ? { storageVersion: 'v1beta1' } : {}),
    schema: builtinSchema({ group, version, kind }),
    subresources: {
      status: builtin.status === true,
      ...(builtin.scale === true ? { scale: workloadScale } : {}),
    },
    custom: false,
  };
}

const workloadScale = {
  specReplicasPath: '.spec.replicas',
  statusReplicasPath: '.status.replicas',
  labelSelectorPath: '.spec.selector',
};
