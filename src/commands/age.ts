const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const;

/** How long ago it was, in the largest unit of which two have passed, such as `90s` or `5h`, as `kubectl get` says it. */
export function ageText(createdTime: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(createdTime)) / 1000));
  const [unit, length] = UNITS.find(([, each]) => seconds >= 2 * each) ?? ['s', 1];
  return `${Math.floor(seconds / length)}${unit}`;
}
