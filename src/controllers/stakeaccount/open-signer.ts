import { getAddress } from 'ethers';
import type { Immutable } from '../../api/kube-object.ts';
import type { SignerSource } from '../../api/stake-account/signer.ts';
import { plainKeySigner } from '../../chain/signing/key-signer.ts';
import { keystoreSigner } from '../../chain/signing/keystore-signer.ts';
import { type Signer, SigningError } from '../../chain/signing/signer.ts';
import { web3signer } from '../../chain/signing/web3signer.ts';
import type { Clock } from '../../time/clock.ts';
import type { SignerSecrets } from './secrets.ts';

/** Whose signature is wanted, and where. */
export interface SignerOrder {
  readonly source: Immutable<SignerSource>;
  /** Of the account; a key of another one is refused. */
  readonly address: string;
  readonly chainId: bigint;
}

/** A signer, with what is to be closed when it is not needed any more. */
export interface OpenSigner {
  readonly signer: Signer;
  close(): void;
}

/** The Secrets that `spec.signer` names. */
export function secretNames({
  keystore,
  plainKey,
  web3signer: remote,
}: Immutable<SignerSource>): readonly string[] {
  return [keystore?.keystoreFrom, keystore?.passwordFrom, plainKey?.keyFrom, remote?.tlsSecretRef]
    .filter((from) => from !== undefined)
    .map(({ name }) => name);
}

/**
 * Opens what `spec.signer` says. What Secrets hold is overwritten as soon as it is used.
 * @throws SecretProblem, SigningError; ApiError when the API server cannot be asked
 */
export async function openSigner(
  order: SignerOrder,
  secrets: Pick<SignerSecrets, 'bytes'>,
  clock: Clock,
): Promise<OpenSigner> {
  const { source } = order;
  switch (source.type) {
    case 'Keystore':
      return { signer: await fromKeystore(order, secrets), close: () => undefined };
    case 'PlainKey':
      return { signer: await fromPlainKey(order, secrets), close: () => undefined };
    case 'Web3signer':
      return fromWeb3signer(order, secrets, clock);
  }
}

async function fromKeystore(
  { source, address }: SignerOrder,
  secrets: Pick<SignerSecrets, 'bytes'>,
): Promise<Signer> {
  const { keystoreFrom, passwordFrom } = given(source.keystore);
  const keystore = await secrets.bytes(keystoreFrom);
  const password = await secrets.bytes(passwordFrom);
  try {
    return await keystoreSigner({ keystore, password }, address);
  } finally {
    keystore.fill(0);
    password.fill(0);
  }
}

async function fromPlainKey(
  { source, address, chainId }: SignerOrder,
  secrets: Pick<SignerSecrets, 'bytes'>,
): Promise<Signer> {
  const key = await secrets.bytes(given(source.plainKey).keyFrom);
  const signer = useAndWipe(key, () => plainKeySigner(key.toString('utf8'), chainId));
  if (signer.address !== getAddress(address)) {
    throw new SigningError(
      'WrongAccount',
      `the key is of ${signer.address}, and the account is ${getAddress(address)}`,
    );
  }
  return signer;
}

function useAndWipe<T>(bytes: Buffer, use: () => T): T {
  try {
    return use();
  } finally {
    bytes.fill(0);
  }
}

async function fromWeb3signer(
  { source, address }: SignerOrder,
  secrets: Pick<SignerSecrets, 'bytes'>,
  clock: Clock,
): Promise<OpenSigner> {
  const { url, tlsSecretRef } = given(source.web3signer);
  const [ca, cert, key] = await Promise.all(
    ['ca.crt', 'tls.crt', 'tls.key'].map((entry) => secrets.bytes({ name: tlsSecretRef.name, key: entry })),
  );
  return web3signer({ url: new URL(url), address, tls: { ca, cert, key }, clock });
}

/** The schema sees to it that what the type names is there. */
function given<T>(part: T | undefined): T {
  if (part === undefined) {
    throw new SigningError('Misconfigured', 'spec.signer lacks the part that its type names');
  }
  return part;
}
