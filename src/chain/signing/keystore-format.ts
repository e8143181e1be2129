import * as z from 'zod';
import { SigningError } from './signer.ts';

const hex = (length: number): z.ZodType<Buffer, string> =>
  z
    .string()
    .regex(/^(0x)?([0-9a-f]{2})+$/i, 'must be bytes in hex')
    .transform((text) => Buffer.from(text.replace(/^0x/i, ''), 'hex'))
    .refine((bytes) => bytes.length === length, `must be ${length} bytes`);

const salt = z
  .string()
  .regex(/^(0x)?([0-9a-f]{2}){1,128}$/i, 'must be 1 to 128 bytes in hex')
  .transform((text) => Buffer.from(text.replace(/^0x/i, ''), 'hex'));

/** scrypt needs 128 x n x r bytes. geth's keystores take 256 MiB. */
const MAX_SCRYPT_BYTES = 512 * 1024 * 1024;

const scrypt = z
  .object({
    n: z
      .int()
      .min(2)
      .max(2 ** 20)
      .refine((n) => (n & (n - 1)) === 0, 'must be a power of 2'),
    r: z.int().min(1).max(64),
    p: z.int().min(1).max(16),
    dklen: z.int().min(32).max(64),
    salt,
  })
  // RFC 7914, section 2; OpenSSL refuses what does not keep it.
  .refine(({ n, r }) => r > 1 || n < 2 ** 16, 'n must be less than 65536 where r is 1')
  .refine(({ n, r }) => 128 * n * r <= MAX_SCRYPT_BYTES, 'n and r need more than 512 MiB of memory');

const pbkdf2 = z.object({
  c: z.int().min(1).max(10_000_000),
  prf: z.literal('hmac-sha256'),
  dklen: z.int().min(32).max(64),
  salt,
});

const common = {
  cipher: z.literal('aes-128-ctr'),
  cipherparams: z.object({ iv: hex(16) }),
  ciphertext: hex(32),
  mac: hex(32),
};

/** Web3 Secret Storage, version 3: what geth, clef, ethers and foundry write. */
const keystore = z.object({
  version: z.literal(3),
  /** Some leave it out, for privacy. */
  address: hex(20).optional(),
  crypto: z.discriminatedUnion('kdf', [
    z.object({ ...common, kdf: z.literal('scrypt'), kdfparams: scrypt }),
    z.object({ ...common, kdf: z.literal('pbkdf2'), kdfparams: pbkdf2 }),
  ]),
});

export type Keystore = z.infer<typeof keystore>;

/** A keystore is half a kilobyte. */
const MAX_BYTES = 64 * 1024;

/**
 * @param bytes the JSON text
 * @throws SigningError that names the field; never its value
 */
export function parseKeystore(bytes: Uint8Array): Keystore {
  const parsed = keystore.safeParse(lowerCrypto(json(bytes)));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') ?? '';
    throw unreadable(`${where === '' ? 'it' : where}: ${issue?.message ?? 'is missing'}`);
  }
  return parsed.data;
}

function json(bytes: Uint8Array): unknown {
  if (bytes.byteLength > MAX_BYTES) {
    throw unreadable('it is larger than 64 KiB');
  }
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown;
  } catch {
    throw unreadable('it is no JSON');
  }
}

/** Old clients write `Crypto`. */
function lowerCrypto(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'Crypto' in value
    ? { ...value, crypto: value.Crypto }
    : value;
}

function unreadable(why: string): SigningError {
  return new SigningError(
    'Misconfigured',
    `the keystore is not one of version 3 (Web3 Secret Storage): ${why}`,
  );
}
