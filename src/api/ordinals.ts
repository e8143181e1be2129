/** Ordinals as ranges, in ascending order: `0-3,7`. */
export function formatOrdinals(ordinals: Iterable<number>): string {
  const sorted = [...ordinals].sort((a, b) => a - b);
  const ranges: { from: number; to: number }[] = [];
  for (const ordinal of sorted) {
    const last = ranges.at(-1);
    if (last !== undefined && ordinal <= last.to + 1) {
      last.to = ordinal;
    } else {
      ranges.push({ from: ordinal, to: ordinal });
    }
  }
  return ranges.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(',');
}

/** More than a pool has replicas and surge pods: what is beyond is no ordinal of ours. */
const MOST = 20_000;

/** The ordinals of {@link formatOrdinals}; ranges that are none are passed over. */
export function parseOrdinals(text: string): readonly number[] {
  return text.split(',').flatMap((range) => {
    const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(range);
    if (match === null) {
      return [];
    }
    const from = Number(match[1]);
    const to = Math.min(Number(match[2] ?? match[1]), from + MOST);
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
  });
}
