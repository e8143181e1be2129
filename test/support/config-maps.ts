import type { ConfigMap } from '../../src/api/builtin.ts';

/** A ConfigMap as an API server serves it; its UID follows from its name unless given. */
export function configMap(
  name: string,
  resourceVersion: string,
  { uid = `uid-${name}`, data = {} }: { uid?: string; data?: Record<string, string> } = {},
): ConfigMap {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace: 'lab',
      uid,
      resourceVersion,
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    data,
  };
}
