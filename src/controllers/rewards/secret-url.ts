import type { Immutable } from '../../api/kube-object.ts';
import type { SecretKey } from '../../api/secret-key.ts';
import { type ReadEntry, isProblem } from '../networks/network-secrets.ts';

/** A URL of a spec, or the entry of a Secret that it is in. */
export interface UrlSource {
  readonly url: string | undefined;
  readonly urlFrom: Immutable<SecretKey> | undefined;
  /** What the spec calls it. */
  readonly field: string;
}

/** Where nobody can be asked. The message names no part of a URL. */
export class UrlProblem extends Error {
  override readonly name = 'UrlProblem';
}

/** @throws UrlProblem */
export async function urlOf({ url = '', urlFrom, field }: UrlSource, readEntry: ReadEntry): Promise<URL> {
  const entry = urlFrom === undefined ? { text: url, source: field } : await readEntry(urlFrom);
  if (isProblem(entry)) {
    throw new UrlProblem(entry.message);
  }
  const parsed = URL.parse(entry.text);
  if (parsed === null || !['http:', 'https:'].includes(parsed.protocol)) {
    throw new UrlProblem(`${entry.source} must be an address that begins with http:// or https://`);
  }
  return parsed;
}
