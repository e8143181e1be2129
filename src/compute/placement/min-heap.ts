/** A binary min-heap: what is in it comes out smallest first. */
export interface MinHeap<T> {
  push(entry: T): void;
  /** Takes the smallest entry out; undefined when there is none. */
  pop(): T | undefined;
}

/** @param compare negative when `a` comes out before `b` */
export function createMinHeap<T>(compare: (a: T, b: T) => number): MinHeap<T> {
  const entries: T[] = [];

  function siftUp(entry: T, from: number): void {
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = entries[above];
      if (parent === undefined || compare(entry, parent) >= 0) {
        break;
      }
      entries[at] = parent;
      at = above;
    }
    entries[at] = entry;
  }

  function siftDown(entry: T): void {
    let at = 0;
    for (;;) {
      const below = smallerChild(at);
      const child = entries[below];
      if (child === undefined || compare(entry, child) <= 0) {
        break;
      }
      entries[at] = child;
      at = below;
    }
    entries[at] = entry;
  }

  /** The place of the smaller of two children; beyond the end when there are none. */
  function smallerChild(at: number): number {
    const left = 2 * at + 1;
    const [first, second] = [entries[left], entries[left + 1]];
    return first !== undefined && second !== undefined && compare(second, first) < 0 ? left + 1 : left;
  }

  return {
    push(entry) {
      siftUp(entry, entries.length);
    },
    pop() {
      const smallest = entries[0];
      const last = entries.pop();
      if (last !== undefined && entries.length > 0) {
        siftDown(last);
      }
      return smallest;
    },
  };
}
