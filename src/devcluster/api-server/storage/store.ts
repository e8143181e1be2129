import { createCollection, type Collection, type Revisions } from './collection.ts';

/** All objects of the server. One counter gives every write its resourceVersion, as etcd's revision does. */
export interface Store {
  /** The resourceVersion of the last write. */
  readonly revision: number;
  /** The objects of one resource, `pods` or `minerpools.headframe.dev`, in whatever versions it is served. */
  collection(name: string): Collection;
  /** Forgets history: whoever asks for an older resourceVersion gets 410. */
  compact(): void;
}

export function createStore(): Store {
  const collections = new Map<string, Collection>();
  let revision = 1;
  const revisions: Revisions = {
    get current() {
      return revision;
    },
    next: () => ++revision,
  };
  return {
    get revision() {
      return revision;
    },
    collection(name) {
      let collection = collections.get(name);
      if (collection === undefined) {
        collection = createCollection(name, revisions);
        collections.set(name, collection);
      }
      return collection;
    },
    compact() {
      for (const collection of collections.values()) {
        collection.compact();
      }
    },
  };
}
