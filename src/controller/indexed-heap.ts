/** Something a heap can hold: the heap keeps its place in {@link heapIndex}, so that it can be moved or removed in O(log n). */
export interface HeapEntry {
  /** Place in the heap; -1 when it is in none. Written by the heap alone. */
  heapIndex: number;
}

/** A binary min-heap from which any entry can be taken. An entry may be in one heap at a time. */
export interface IndexedHeap<T extends HeapEntry> {
  readonly size: number;
  /** The first entry in order, left in place. */
  peek(): T | undefined;
  push(entry: T): void;
  /** Takes the first entry out. */
  pop(): T | undefined;
  /** Takes the entry out; does nothing when it is in no heap. */
  remove(entry: T): void;
  /** Restores the order after the entry has changed. */
  update(entry: T): void;
}

/** @param before whether the first argument comes before the second */
export function createIndexedHeap<T extends HeapEntry>(before: (a: T, b: T) => boolean): IndexedHeap<T> {
  const entries: T[] = [];

  function place(entry: T, index: number): void {
    entries[index] = entry;
    entry.heapIndex = index;
  }

  /** Moves the entry towards the root as far as it belongs; whether it moved. */
  function siftUp(entry: T): boolean {
    const start = entry.heapIndex;
    let index = start;
    while (index > 0) {
      const parent = entries[(index - 1) >> 1];
      if (parent === undefined || !before(entry, parent)) {
        break;
      }
      const parentIndex = parent.heapIndex;
      place(parent, index);
      index = parentIndex;
    }
    place(entry, index);
    return index !== start;
  }

  function firstChild(index: number): T | undefined {
    const left = entries[2 * index + 1];
    const right = entries[2 * index + 2];
    return left !== undefined && right !== undefined && before(right, left) ? right : left;
  }

  function siftDown(entry: T): void {
    let index = entry.heapIndex;
    for (let child = firstChild(index); child !== undefined; child = firstChild(index)) {
      if (!before(child, entry)) {
        break;
      }
      const childIndex = child.heapIndex;
      place(child, index);
      index = childIndex;
    }
    place(entry, index);
  }

  function settle(entry: T): void {
    if (!siftUp(entry)) {
      siftDown(entry);
    }
  }

  function remove(entry: T): void {
    const index = entry.heapIndex;
    if (index < 0) {
      return;
    }
    const last = entries.pop();
    entry.heapIndex = -1;
    if (last !== undefined && last !== entry) {
      place(last, index);
      settle(last);
    }
  }

  return {
    get size() {
      return entries.length;
    },
    peek: () => entries[0],
    push(entry) {
      place(entry, entries.length);
      siftUp(entry);
    },
    pop() {
      const first = entries[0];
      if (first !== undefined) {
        remove(first);
      }
      return first;
    },
    remove,
    update: settle,
  };
}
