import type { Immutable } from '../../api/kube-object.ts';
import type { StakeAccount } from '../../api/stake-account.ts';
import type { SignerSource } from '../../api/stake-account/signer.ts';
import { type GuardedSigner, guardedSigner } from '../../chain/signing/guarded-signer.ts';
import { SigningError } from '../../chain/signing/signer.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../time/clock.ts';
import type { UsableNetwork } from '../networks/network-view.ts';
import { type OpenSigner, openSigner, secretNames } from './open-signer.ts';
import { SecretProblem, type SignerSecrets, signerSecrets } from './secrets.ts';

/** How long a key stays in memory before its Secrets are looked at again, in milliseconds: so soon a rotation counts. One that was not written is not opened again. */
const REREAD_MS = 60_000;

/** After a problem its Secrets are looked at again this soon, in milliseconds. */
const RETRY_MS = 5000;

/** Whether an account can sign, and why not. */
export type SignerLook =
  | { readonly kind: 'ready'; readonly signer: GuardedSigner }
  | { readonly kind: 'none' }
  | {
      readonly kind: 'problem';
      readonly reason: 'SignerSecretMissing' | 'WrongKey' | 'SignerMisconfigured';
      readonly message: string;
    };

/** The signers of all accounts that have something to sign. */
export interface Signers {
  /** @throws ApiError when Secrets cannot be asked for now */
  look(account: Immutable<StakeAccount>, network: UsableNetwork): Promise<SignerLook>;
  /** Nothing is left of the account's key. */
  forget(uid: string): void;
}

type Trouble = Extract<SignerLook, { readonly kind: 'problem' }>;

/** What came of opening a key. */
interface Opened {
  readonly means: string;
  /** Of the Secrets that it was opened with. Undefined: they could not all be read. */
  readonly version: string | undefined;
  /** When they were read; monotonic milliseconds. */
  readonly readAt: number;
  readonly result: OpenSigner | Trouble;
}

export interface SignersParts {
  readonly client: KubeClient;
  readonly clock: Clock;
  /** @default openSigner */
  readonly open?: typeof openSigner;
}

export function createSigners({ client, clock, open = openSigner }: SignersParts): Signers {
  const kept = new Map<string, Opened>();
  /** Which of the openings of an account is to be kept: none once the account is gone. */
  const opening = new Map<string, symbol>();

  function forget(uid: string): void {
    const known = kept.get(uid);
    if (known !== undefined && 'signer' in known.result) {
      known.result.close();
    }
    kept.delete(uid);
    opening.delete(uid);
  }

  async function openedOf(
    { spec, metadata }: Immutable<StakeAccount>,
    source: Immutable<SignerSource>,
    chainId: bigint,
  ): Promise<OpenSigner | Trouble> {
    const { uid, namespace = '' } = metadata;
    const means = JSON.stringify([source, spec.address, String(chainId)]);
    const known = kept.get(uid);
    if (known?.means === means && clock.monotonic() - known.readAt < patienceMs(known)) {
      return known.result;
    }
    const turn = Symbol(uid);
    opening.set(uid, turn);
    const secrets = signerSecrets(client, namespace);
    const { version, result } = await opened(secrets, source, async (read) => {
      const isSame = known?.means === means && known.version === read && kept.get(uid) === known;
      return isSame ? known.result : open({ source, address: spec.address, chainId }, secrets, clock);
    });
    const isKept = kept.get(uid)?.result === result;
    if (opening.get(uid) === turn) {
      if (!isKept) {
        forget(uid);
      }
      kept.set(uid, { means, version, readAt: clock.monotonic(), result });
    } else if (!isKept && 'signer' in result) {
      result.close();
    }
    return result;
  }

  return {
    async look(account, network) {
      const { uid } = account.metadata;
      const { signer: source } = account.spec;
      if (source === undefined) {
        return { kind: 'none' };
      }
      try {
        const found = await openedOf(account, source, network.chainId);
        if (!('signer' in found)) {
          return found;
        }
        const allowed = network.protocol.allowed(network.facts);
        return { kind: 'ready', signer: guardedSigner(found.signer, { chainId: network.chainId, allowed }) };
      } catch (error) {
        forget(uid);
        throw error;
      }
    },
    forget,
  };
}

/** What was wrong a moment ago is not tried again at once. */
function patienceMs({ result }: Opened): number {
  return 'signer' in result ? REREAD_MS : RETRY_MS;
}

/**
 * Opens with Secrets as they are now.
 * @throws what is no problem of the signer's
 */
async function opened(
  secrets: SignerSecrets,
  source: Immutable<SignerSource>,
  open: (version: string) => Promise<OpenSigner | Trouble>,
): Promise<Pick<Opened, 'version' | 'result'>> {
  let version: string | undefined;
  try {
    version = await secrets.version(secretNames(source));
    return { version, result: await open(version) };
  } catch (error) {
    return { version, result: problem(error) };
  }
}

/** @throws what is no problem of the signer's */
function problem(error: unknown): Trouble {
  if (error instanceof SecretProblem) {
    return { kind: 'problem', reason: 'SignerSecretMissing', message: error.message };
  }
  if (error instanceof SigningError) {
    const reason = error.kind === 'WrongAccount' ? 'WrongKey' : 'SignerMisconfigured';
    return { kind: 'problem', reason, message: error.message };
  }
  throw error;
}
