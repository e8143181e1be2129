import * as z from 'zod';
import { celRules } from '../schema/kind.ts';
import { SecretKey, objectName } from '../secret-key.ts';

const Keystore = z
  .object({
    keystoreFrom: SecretKey.describe(
      'The keystore: Web3 Secret Storage version 3, as geth and clef write it.',
    ),
    passwordFrom: SecretKey.describe('Its password.'),
  })
  .describe('A key, encrypted, in a Secret.');

const Web3signer = z
  .object({
    url: z
      .string()
      .min(9)
      .max(512)
      .meta(
        celRules({
          rule: "self.matches('^https://[^/?#@]+(/[^?#@]*)?$')",
          message: 'must be https://, a host and a path, without user, password, query and fragment',
        }),
      )
      .describe('Where it is.'),
    tlsSecretRef: z
      .object({ name: objectName().describe('Name of the Secret.') })
      .describe(
        'The certificates: tls.crt and tls.key of the client, and ca.crt that the server’s must be signed by, as cert-manager writes them.',
      ),
  })
  .describe('A web3signer that holds the key, spoken to over mutual TLS.');

const PlainKey = z
  .object({
    keyFrom: SecretKey.describe('The key: 64 hexadecimal digits.'),
  })
  .describe('A key in plain text: only on local chains (31337 and 1337), where money is worth nothing.');

/** Who signs for an account: `spec.signer` of a StakeAccount. Its Secrets lie in the namespace of the account. */
export const SignerSource = z
  .object({
    type: z
      .enum(['Keystore', 'Web3signer', 'PlainKey'])
      .describe(
        'Keystore: an encrypted key in a Secret. Web3signer: a server that holds the key. PlainKey: a key in a Secret, for local chains only.',
      ),
    keystore: Keystore.exactOptional(),
    web3signer: Web3signer.exactOptional(),
    plainKey: PlainKey.exactOptional(),
  })
  .meta(
    celRules(
      {
        rule: "(self.type == 'Keystore') == has(self.keystore)",
        message: 'must set keystore when type is Keystore, and only then',
      },
      {
        rule: "(self.type == 'Web3signer') == has(self.web3signer)",
        message: 'must set web3signer when type is Web3signer, and only then',
      },
      {
        rule: "(self.type == 'PlainKey') == has(self.plainKey)",
        message: 'must set plainKey when type is PlainKey, and only then',
      },
    ),
  );
export type SignerSource = z.infer<typeof SignerSource>;
