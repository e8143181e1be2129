import type { Clock, Timer } from '../time/clock.ts';
import { createIndexedHeap, type HeapEntry } from './indexed-heap.ts';

/** The longest delay that setTimeout takes; with more it fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Something that falls due at a time. */
export interface DelayedEntry extends HeapEntry {
  /** Monotonic milliseconds. Not to be changed while the entry is in the queue. */
  dueAt: number;
  /** Place among those that fall due together: the lower is the earlier. */
  order: number;
}

/** Entries that wait for their time, behind a single timer. */
export interface DelayQueue<T extends DelayedEntry> {
  push(entry: T): void;
  remove(entry: T): void;
  /** Takes the entries out whose time has come, earliest first. */
  takeDue(): T[];
}

/** @param onDue called when {@link DelayQueue.takeDue} has something to give */
export function createDelayQueue<T extends DelayedEntry>(clock: Clock, onDue: () => void): DelayQueue<T> {
  const heap = createIndexedHeap<T>((a, b) => (a.dueAt === b.dueAt ? a.order < b.order : a.dueAt < b.dueAt));
  let alarm: { timer: Timer; dueAt: number } | undefined;

  /** An alarm that rings too early does no harm, so only an earlier entry, or none left, moves it. */
  function setAlarm(): void {
    const next = heap.peek();
    if (alarm !== undefined && (next === undefined || next.dueAt < alarm.dueAt)) {
      alarm.timer.cancel();
      alarm = undefined;
    }
    if (next !== undefined && alarm === undefined) {
      const delayMs = Math.min(MAX_TIMER_MS, Math.ceil(next.dueAt - clock.monotonic()));
      alarm = { timer: clock.after(delayMs, ring), dueAt: next.dueAt };
    }
  }

  function ring(): void {
    alarm = undefined;
    onDue();
    setAlarm();
  }

  return {
    push(entry) {
      heap.push(entry);
      setAlarm();
    },
    remove(entry) {
      heap.remove(entry);
      setAlarm();
    },
    takeDue() {
      const now = clock.monotonic();
      const due: T[] = [];
      for (let next = heap.peek(); next !== undefined && next.dueAt <= now; next = heap.peek()) {
        heap.remove(next);
        due.push(next);
      }
      setAlarm();
      return due;
    },
  };
}
