import type { Environment } from '@marcbachmann/cel-js';
import { isDeepStrictEqual } from 'node:util';

type Ordered = bigint | number | string | boolean | Date;

/** `isSorted`, `sum`, `min`, `max`, `indexOf`, `lastIndexOf` of lists (k8s.io/apiserver pkg/cel/library/lists.go). */
export function registerLists(environment: Environment): void {
  for (const type of ['int', 'double', 'string', 'bool', 'google.protobuf.Timestamp', 'dyn']) {
    environment
      .registerFunction(`list<${type}>.isSorted(): bool`, isSorted)
      .registerFunction(`list<${type}>.min(): ${type}`, (list: readonly Ordered[]) => extreme(list, 'min'))
      .registerFunction(`list<${type}>.max(): ${type}`, (list: readonly Ordered[]) => extreme(list, 'max'));
  }
  environment
    .registerFunction('list<int>.sum(): int', (list: readonly bigint[]) => list.reduce((a, b) => a + b, 0n))
    .registerFunction('list<double>.sum(): double', (list: readonly number[]) =>
      list.reduce((a, b) => a + b, 0),
    )
    .registerFunction('list.indexOf(dyn): int', (list: readonly unknown[], item: unknown) =>
      BigInt(list.findIndex((other) => isDeepStrictEqual(other, item))),
    )
    .registerFunction('list.lastIndexOf(dyn): int', (list: readonly unknown[], item: unknown) =>
      BigInt(list.findLastIndex((other) => isDeepStrictEqual(other, item))),
    );
}

function isSorted(list: readonly Ordered[]): boolean {
  return list.every((item, index) => index === 0 || (list[index - 1] ?? item) <= item);
}

function extreme(list: readonly Ordered[], which: 'min' | 'max'): Ordered {
  if (list.length === 0) {
    throw new Error(`${which} called on empty list`);
  }
  return list.reduce((best, item) => ((which === 'min' ? item < best : item > best) ? item : best));
}
