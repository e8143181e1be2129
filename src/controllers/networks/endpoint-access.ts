import type { Immutable } from '../../api/kube-object.ts';
import type { Endpoint } from '../../api/staking-network/endpoint.ts';
import type { RpcEndpoint } from '../../chain/rpc/endpoint.ts';
import { isProblem } from './network-secrets.ts';
import type { ReadEntry, SecretProblem } from './network-secrets.ts';

/** An endpoint of a spec with what is needed to connect to it, or why that is not there. */
export interface EndpointAccess {
  readonly name: string;
  readonly found: RpcEndpoint | SecretProblem;
}

/** Puts URL and token of an endpoint together. Never rejects. */
export async function endpointAccess(
  endpoint: Immutable<Endpoint>,
  readEntry: ReadEntry,
): Promise<EndpointAccess> {
  const { name } = endpoint;
  const url = await urlOf(endpoint, readEntry);
  const token = await tokenOf(endpoint, readEntry);
  if (!(url instanceof URL)) {
    return { name, found: url };
  }
  if (typeof token === 'object') {
    return { name, found: token };
  }
  const headers = token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } };
  return { name, found: { name, url, ...headers } };
}

async function urlOf(
  { name, url = '', urlFrom }: Immutable<Endpoint>,
  readEntry: ReadEntry,
): Promise<URL | SecretProblem> {
  const entry =
    urlFrom === undefined ? { text: url, source: `url of endpoint '${name}'` } : await readEntry(urlFrom);
  if (isProblem(entry)) {
    return entry;
  }
  const parsed = URL.parse(entry.text);
  return parsed !== null && ['http:', 'https:'].includes(parsed.protocol)
    ? parsed
    : invalid(`${entry.source} must be an address that begins with http:// or https://`);
}

/** RFC 6750: what may follow `Bearer`. */
const TOKEN = /^[\w.~+/-]+=*$/;

async function tokenOf(
  { bearerTokenFrom }: Immutable<Endpoint>,
  readEntry: ReadEntry,
): Promise<string | SecretProblem | undefined> {
  if (bearerTokenFrom === undefined) {
    return undefined;
  }
  const entry = await readEntry(bearerTokenFrom);
  if (isProblem(entry)) {
    return entry;
  }
  return TOKEN.test(entry.text)
    ? entry.text
    : invalid(`${entry.source} must be a token of letters, digits and -._~+/, on one line`);
}

function invalid(message: string): SecretProblem {
  return { reason: 'NetworkSecretInvalid', message, isUnreadable: false };
}
