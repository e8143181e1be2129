import type { Immutable } from '../../api/kube-object.ts';
import type { StakeAccount } from '../../api/stake-account.ts';
import { type GuardedSigner, guardedSigner } from '../../chain/signing/guarded-signer.ts';
import { type Signer, SigningError } from '../../chain/signing/signer.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../time/clock.ts';
import type { UsableNetwork } from '../networks/network-view.ts';
import { type OpenSigner, openSigner } from './open-signer.ts';
import { SecretProblem, secretReader } from './secrets.ts';

/** How long a key stays in memory before its Secrets are looked at again, in milliseconds: so soon a rotation counts. */
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

interface Kept {
  readonly open: OpenSigner;
  readonly means: string;
  readonly readAt: number;
}

export function createSigners({
  client,
  clock,
}: {
  readonly client: KubeClient;
  readonly clock: Clock;
}): Signers {
  const kept = new Map<string, Kept>();
  /** What was wrong a moment ago is not tried again at once: to open a keystore takes a second. */
  const troubles = new Map<
    string,
    { readonly means: string; readonly look: SignerLook; readonly at: number }
  >();
  /** Which of the openings of an account is to be kept: none once the account is gone. */
  const opening = new Map<string, symbol>();

  function forget(uid: string): void {
    kept.get(uid)?.open.close();
    kept.delete(uid);
    opening.delete(uid);
  }

  async function signerOf(account: Immutable<StakeAccount>, chainId: bigint): Promise<Signer | undefined> {
    const { spec, metadata } = account;
    if (spec.signer === undefined) {
      return undefined;
    }
    const means = meansOf(account, chainId);
    const known = kept.get(metadata.uid);
    if (known?.means === means && clock.monotonic() - known.readAt < REREAD_MS) {
      return known.open.signer;
    }
    const turn = Symbol(metadata.uid);
    opening.set(metadata.uid, turn);
    const secrets = secretReader(client, metadata.namespace ?? '');
    const open = await openSigner({ source: spec.signer, address: spec.address, chainId }, secrets, clock);
    const isWanted = opening.get(metadata.uid) === turn;
    forget(metadata.uid);
    if (isWanted) {
      kept.set(metadata.uid, { open, means, readAt: clock.monotonic() });
    } else {
      open.close();
    }
    return open.signer;
  }

  return {
    async look(account, network) {
      const means = meansOf(account, network.chainId);
      const trouble = troubles.get(account.metadata.uid);
      if (trouble?.means === means && clock.monotonic() - trouble.at < RETRY_MS) {
        return trouble.look;
      }
      troubles.delete(account.metadata.uid);
      try {
        const signer = await signerOf(account, network.chainId);
        if (signer === undefined) {
          return { kind: 'none' };
        }
        const allowed = network.protocol.allowed(network.facts);
        return { kind: 'ready', signer: guardedSigner(signer, { chainId: network.chainId, allowed }) };
      } catch (error) {
        forget(account.metadata.uid);
        const look = problem(error);
        troubles.set(account.metadata.uid, { means, look, at: clock.monotonic() });
        return look;
      }
    },
    forget(uid) {
      troubles.delete(uid);
      forget(uid);
    },
  };
}

function meansOf({ spec }: Immutable<StakeAccount>, chainId: bigint): string {
  return JSON.stringify([spec.signer, spec.address, String(chainId)]);
}

/** @throws what is no problem of the signer's */
function problem(error: unknown): SignerLook {
  if (error instanceof SecretProblem) {
    return { kind: 'problem', reason: 'SignerSecretMissing', message: error.message };
  }
  if (error instanceof SigningError) {
    const reason = error.kind === 'WrongAccount' ? 'WrongKey' : 'SignerMisconfigured';
    return { kind: 'problem', reason, message: error.message };
  }
  throw error;
}
