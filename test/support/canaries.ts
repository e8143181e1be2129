/*
 * Whatever is secret in a test is a canary: `canary(...)` around it, where it is made. What programs print, what is logged, what
 * /metrics shows and what an API server has stored is searched for all of them; test/support/canary-hooks.ts fails the run when one is found.
 */

/** Shorter ones would be found by chance. */
const SHORTEST = 12;

/** What a canary is called, by each way in which it may be written, in lower case. */
const forms = new Map<string, string>();

const found = new Set<string>();

/**
 * Makes it known that this must be seen nowhere.
 * @param name what it is, to be shown instead of it
 * @returns the secret
 * @throws Error when it is so short that it would be found by chance
 */
export function canary(name: string, secret: string): string {
  if (secret.length < SHORTEST) {
    throw new Error(`canary ${name} must have ${SHORTEST} characters at least`);
  }
  const plain = secret.replace(/^0x(?=[0-9a-f]{64}$)/i, '');
  const written = [plain, encodeURIComponent(plain), JSON.stringify(plain).slice(1, -1)];
  const encoded = [
    ...inBase64(Buffer.from(secret)),
    ...inBase64(Buffer.from(plain)),
    ...inBase64(bytesOf(plain)),
  ];
  [...written, ...encoded].forEach((form) => forms.set(form.toLowerCase(), name));
  return secret;
}

/** Of a key in hexadecimal digits the key itself. */
function bytesOf(plain: string): Buffer {
  return Buffer.from(plain, /^[0-9a-f]{64}$/i.test(plain) ? 'hex' : 'utf8');
}

/** The part of its base64 that does not depend on what stands around it, for each place of its first byte among three. */
function inBase64(secret: Buffer): readonly string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), secret]).toString('base64');
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + secret.length) * 8) / 6));
  });
}

/**
 * Searches what was said, and remembers what it has found.
 * @param where to be told to whoever has to mend it
 * @returns the text
 */
export function searchForCanaries(where: string, text: string): string {
  const lower = text.toLowerCase();
  for (const [form, name] of forms) {
    if (lower.includes(form)) {
      found.add(`${name}: in ${where}`);
    }
  }
  return text;
}

/** What was found and where, since the last call. */
export function canariesFound(): readonly string[] {
  const all = [...found];
  found.clear();
  return all;
}
