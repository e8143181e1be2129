/** A map that forgets what was not used for longest when it is full. */
export interface Lru<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  values(): IterableIterator<V>;
}

export function createLru<V>(capacity: number): Lru<V> {
  // A Map keeps the order of insertion: whatever is used is inserted anew.
  const entries = new Map<string, V>();

  function set(key: string, value: V): void {
    entries.delete(key);
    entries.set(key, value);
    for (const oldest of entries.keys()) {
      if (entries.size <= capacity) {
        break;
      }
      entries.delete(oldest);
    }
  }

  return {
    get(key) {
      const value = entries.get(key);
      if (value !== undefined) {
        set(key, value);
      }
      return value;
    },
    set,
    values: () => entries.values(),
  };
}
