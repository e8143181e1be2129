/** A good pool with some of its fields changed: keys are paths such as `spec.gpus.vendor`. */
export function goodPool(changes: Readonly<Record<string, unknown>> = {}): object {
  const good = {
    apiVersion: 'headframe.dev/v1alpha1',
    kind: 'MinerPool',
    metadata: { name: 'pool', namespace: 'default' },
    spec: { template: { spec: { containers: [{ name: 'miner', image: 'miner:1' }] } } },
  };
  for (const [path, value] of Object.entries(changes)) {
    setAt(good, path.split('.'), value);
  }
  return good;
}

function setAt(
  target: Record<string, unknown>,
  [name = '', ...rest]: readonly string[],
  value: unknown,
): void {
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  target[name] ??= {};
  setAt(target[name] as Record<string, unknown>, rest, value);
}
