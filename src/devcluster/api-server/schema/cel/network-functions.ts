import { isIP } from 'node:net';
import type { Environment } from '@marcbachmann/cel-js';

/** The library tells types of values by their constructor. */
class CelUrl {
  readonly url: URL;

  constructor(url: URL) {
    this.url = url;
  }
}

/** `url()` and its parts, `isIP()` (k8s.io/apiserver pkg/cel/library/urls.go, ip.go). Networks are not there. */
export function registerNetwork(environment: Environment): void {
  environment
    .registerType('URL', CelUrl)
    .registerFunction('isURL(string): bool', (text: string) => URL.canParse(text))
    .registerFunction('url(string): URL', (text: string) => new CelUrl(new URL(text)))
    .registerFunction('URL.getScheme(): string', ({ url }: CelUrl) => url.protocol.slice(0, -1))
    .registerFunction('URL.getHost(): string', ({ url }: CelUrl) => url.host)
    .registerFunction('URL.getHostname(): string', ({ url }: CelUrl) => url.hostname.replaceAll(/[[\]]/g, ''))
    .registerFunction('URL.getPort(): string', ({ url }: CelUrl) => url.port)
    .registerFunction('URL.getEscapedPath(): string', ({ url }: CelUrl) => url.pathname)
    .registerFunction('URL.getQuery(): map<string, list<string>>', ({ url }: CelUrl) => queryOf(url))
    .registerFunction('isIP(string): bool', (text: string) => isIP(text) !== 0);
}

function queryOf({ searchParams }: URL): Map<string, string[]> {
  return new Map([...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)]));
}
