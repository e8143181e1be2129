import * as z from 'zod';

/** Names of objects: of a DNS subdomain. */
export function objectName(): z.ZodString {
  return z
    .string()
    .min(1)
    .max(253)
    .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);
}

/** Names one entry of a Secret. */
export const SecretKey = z.object({
  name: objectName().describe('Name of the Secret.'),
  key: z
    .string()
    .min(1)
    .max(253)
    .regex(/^[-._A-Za-z0-9]+$/)
    .describe('The key of the entry in the Secret.'),
});
export type SecretKey = z.infer<typeof SecretKey>;

/**
 * What a Secret has under a key, in base64. Undefined where there is nothing, or nothing in it.
 * @param data of the Secret
 */
export function encodedEntry(
  data: Readonly<Record<string, string>> | undefined,
  key: string,
): string | undefined {
  const encoded = data !== undefined && Object.hasOwn(data, key) ? data[key] : undefined;
  return encoded === '' ? undefined : encoded;
}
