import * as z from 'zod';
import { celRules } from '../schema/kind.ts';
import { SecretKey } from '../secret-key.ts';

/**
 * A URL in which nothing is secret.
 * @param otherwise the field that names a Secret with one in which something is
 */
export function plainUrl(otherwise: string): z.ZodString {
  return z
    .string()
    .min(8)
    .max(512)
    .meta(
      celRules({
        rule: "self.matches('^https?://[^/?#@]+(/[^?#@]*)?$')",
        message: `must be http:// or https://, a host and a path, without user, password, query and fragment: what is secret in a URL belongs into a Secret, named by ${otherwise}`,
      }),
    );
}

/** One JSON-RPC endpoint of the chain. */
export const Endpoint = z
  .object({
    name: z
      .string()
      .min(1)
      .max(40)
      .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/)
      .describe('What conditions, logs and metrics call it: they never show its URL.'),
    url: plainUrl('urlFrom').exactOptional().describe('Where it is, when nothing in the URL is secret.'),
    urlFrom: SecretKey.exactOptional().describe(
      'Where the URL is, when it has a key or a password in it. The Secret lies in the namespace in which Headframe runs.',
    ),
    bearerTokenFrom: SecretKey.exactOptional().describe(
      'A token to send along in the header Authorization: over https:// only, unless the endpoint is on the same machine. The Secret lies in the namespace in which Headframe runs.',
    ),
  })
  .meta(
    celRules(
      {
        rule: 'has(self.url) != has(self.urlFrom)',
        message: 'must set either url or urlFrom',
      },
      {
        rule: "!has(self.bearerTokenFrom) || !has(self.url) || self.url.matches('^https://|^http://(127[.]0[.]0[.]1|localhost)[:/]')",
        message: 'must begin with https:// when bearerTokenFrom is set: nobody on the way may read the token',
        fieldPath: '.url',
      },
    ),
  );
export type Endpoint = z.infer<typeof Endpoint>;
