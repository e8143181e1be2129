import type { HttpRequest, Transport } from '../../../src/kube/transport.ts';

const VERBS: Readonly<Record<Exclude<HttpRequest['method'], 'GET'>, string>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** A transport that counts what is written by `verb resource[/subresource]`, such as `patch chaintransactions/status`. */
export function countingTransport(transport: Transport): {
  readonly transport: Transport;
  readonly writes: ReadonlyMap<string, number>;
} {
  const writes = new Map<string, number>();
  return {
    writes,
    transport: {
      ...transport,
      request(request) {
        if (request.method !== 'GET') {
          const what = `${VERBS[request.method]} ${resourceOf(request.path)}`;
          writes.set(what, (writes.get(what) ?? 0) + 1);
        }
        return transport.request(request);
      },
    },
  };
}

/** `stakeaccounts/status` of `/apis/headframe.dev/v1alpha1/namespaces/default/stakeaccounts/payer-0/status`. */
export function resourceOf(path: string): string {
  const [plain = ''] = path.split('?');
  const parts = plain.split('/').filter((part) => part !== '');
  const inVersion = parts.slice(parts[0] === 'api' ? 2 : 3);
  const isInNamespace = inVersion[0] === 'namespaces' && inVersion.length > 2;
  const [resource = '', , subresource] = isInNamespace ? inVersion.slice(2) : inVersion;
  return subresource === undefined ? resource : `${resource}/${subresource}`;
}
