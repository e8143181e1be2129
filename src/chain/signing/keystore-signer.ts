import { createDecipheriv, pbkdf2, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { getAddress, getBytes, keccak256 } from 'ethers';
import { keySigner } from './key-signer.ts';
import { parseKeystore } from './keystore-format.ts';
import type { Keystore } from './keystore-format.ts';
import { SigningError } from './signer.ts';
import type { Signer } from './signer.ts';

/** What two Secrets contain. The bytes stay the caller's, to overwrite or forget. */
export interface KeystoreSecrets {
  /** Web3 Secret Storage, version 3: JSON. */
  readonly keystore: Uint8Array;
  /** Line breaks at its end are no part of it, as geth has it. */
  readonly password: Uint8Array;
}

const deriveByScrypt = promisify<
  Buffer,
  Buffer,
  number,
  { N: number; r: number; p: number; maxmem: number },
  Buffer
>(scrypt);
const deriveByPbkdf2 = promisify(pbkdf2);

/**
 * Opens a keystore. The work, most of a second, is done by Node's threads: ethers' would hold up everything else meanwhile.
 * @param address of the account, if it is known: a keystore of another one is refused
 * @throws SigningError `Misconfigured`, `WrongPassword` or `WrongAccount`
 */
export async function keystoreSigner(
  { keystore, password }: KeystoreSecrets,
  address?: string,
): Promise<Signer> {
  const parsed = parseKeystore(keystore);
  const key = await decrypt(parsed, passwords(password));
  try {
    const signer = keySigner(key);
    const stated =
      parsed.address === undefined ? undefined : getAddress(`0x${parsed.address.toString('hex')}`);
    if (stated !== undefined && stated !== signer.address) {
      throw new SigningError(
        'WrongAccount',
        `the keystore says that it is of ${stated}, and its key is of ${signer.address}`,
      );
    }
    if (address !== undefined && getAddress(address) !== signer.address) {
      throw new SigningError(
        'WrongAccount',
        `the keystore is of ${signer.address}, and the account is ${getAddress(address)}`,
      );
    }
    return signer;
  } finally {
    key.fill(0);
  }
}

/** The bytes as geth takes them; and as ethers does, which normalises what is not ASCII, if that makes a difference. */
function passwords(password: Uint8Array): Buffer[] {
  const text = Buffer.from(password)
    .toString('utf8')
    .replace(/[\r\n]+$/, '');
  const plain = Buffer.from(text, 'utf8');
  const normalised = Buffer.from(text.normalize('NFKC'), 'utf8');
  return plain.equals(normalised) ? [plain] : [plain, normalised];
}

async function decrypt(keystore: Keystore, candidates: readonly Buffer[]): Promise<Buffer> {
  const { ciphertext, mac, cipherparams } = keystore.crypto;
  for (const password of candidates) {
    const derived = await derive(keystore, password);
    const expected = getBytes(keccak256(Buffer.concat([derived.subarray(16, 32), ciphertext])));
    if (timingSafeEqual(expected, mac)) {
      const decipher = createDecipheriv('aes-128-ctr', derived.subarray(0, 16), cipherparams.iv);
      return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
    }
  }
  throw new SigningError('WrongPassword', 'the password does not open the keystore');
}

function derive({ crypto }: Keystore, password: Buffer): Promise<Buffer> {
  if (crypto.kdf === 'pbkdf2') {
    const { c, dklen, salt } = crypto.kdfparams;
    return deriveByPbkdf2(password, salt, c, dklen, 'sha256');
  }
  const { n, r, p, dklen, salt } = crypto.kdfparams;
  return deriveByScrypt(password, salt, dklen, { N: n, r, p, maxmem: 256 * (n + p) * r + 1024 * 1024 });
}
