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
  const way = await urlOf(endpoint, readEntry);
  const token = await tokenOf(endpoint, readEntry);
  if (isProblem(way)) {
    return { name, found: way };
  }
  if (typeof token === 'object') {
    return { name, found: token };
  }
  const { url, source } = way;
  if (token === undefined) {
    return { name, found: { name, url } };
  }
  return isSecure(url)
    ? { name, found: { name, url, headers: { Authorization: `Bearer ${token}` } } }
    : {
        name,
        found: invalid(
          `${source} must begin with https:// when bearerTokenFrom is set: nobody on the way may read the token`,
        ),
      };
}

/** What does not leave the machine nobody reads on the way. */
const LOOPBACK: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

function isSecure({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || LOOPBACK.includes(hostname);
}

interface Way {
  readonly url: URL;
  /** Where it is from, for people. */
  readonly source: string;
}

async function urlOf(
  { name, url = '', urlFrom }: Immutable<Endpoint>,
  readEntry: ReadEntry,
): Promise<Way | SecretProblem> {
  const entry =
    urlFrom === undefined ? { text: url, source: `url of endpoint '${name}'` } : await readEntry(urlFrom);
  if (isProblem(entry)) {
    return entry;
  }
  const parsed = URL.parse(entry.text);
  return parsed !== null && ['http:', 'https:'].includes(parsed.protocol)
    ? { url: parsed, source: entry.source }
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
