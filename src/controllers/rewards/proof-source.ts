import type { Immutable } from '../../api/kube-object.ts';
import type { StakingNetwork } from '../../api/staking-network.ts';
import { HttpFailure } from '../../chain/http/http-failure.ts';
import { type HttpTarget, httpTarget } from '../../chain/http/http-target.ts';
import { getJson } from '../../chain/http/post-json.ts';
import type { RewardClaim } from '../../chain/protocols/protocol.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../time/clock.ts';
import { entryReader } from '../networks/network-secrets.ts';
import { ClaimsFileError, parseClaims } from './claims-file.ts';
import { UrlProblem, urlOf } from './secret-url.ts';

export interface ProofSourceParts {
  readonly client: KubeClient;
  /** In which Headframe runs, and the Secrets are. */
  readonly namespace: string;
  readonly clock: Clock;
}

/** Whose claims are asked for. */
export interface ProofRequest {
  readonly network: Immutable<StakingNetwork>;
  /** In any capitals. */
  readonly address: string;
  readonly signal: AbortSignal;
}

/** Why claims are not known. The message says nothing that is secret. */
export class ProofsProblem extends Error {
  override readonly name = 'ProofsProblem';
}

/** Where it is told what accounts have earned. */
export interface ProofSource {
  /** The oldest epoch first; none where nothing is told of the account. @throws ProofsProblem */
  claims(request: ProofRequest): Promise<readonly RewardClaim[]>;
}

/** For 64 claims in a tree of 2^32 accounts it takes 150 KiB. */
const MAX_BYTES = 256 * 1024;

const TIMEOUT_MS = 10_000;

/** How long a URL from a Secret is believed, in milliseconds. */
const URL_TTL_MS = 30_000;

interface Known {
  readonly means: string;
  readonly readAtMs: number;
  readonly target: Promise<HttpTarget>;
}

export function createProofSource({ client, namespace, clock }: ProofSourceParts): ProofSource {
  const known = new Map<string, Known>();

  async function connect({ spec }: Immutable<StakingNetwork>): Promise<HttpTarget> {
    const { proofsUrl: url, proofsUrlFrom: urlFrom } = spec.rewards ?? {};
    const source = { url, urlFrom, field: 'spec.rewards.proofsUrl' };
    return httpTarget({ url: await urlOf(source, entryReader(client, namespace)) });
  }

  function targetOf(network: Immutable<StakingNetwork>): Promise<HttpTarget> {
    const { name } = network.metadata;
    const means = JSON.stringify(network.spec.rewards);
    const former = known.get(name);
    if (former?.means === means && clock.monotonic() - former.readAtMs < URL_TTL_MS) {
      return former.target;
    }
    if (former !== undefined) {
      // What was begun with it may end.
      clock.after(
        TIMEOUT_MS,
        () => void former.target.then((target) => target.close()).catch(() => undefined),
      );
    }
    const target = connect(network);
    known.set(name, { means, readAtMs: clock.monotonic(), target });
    return target;
  }

  return {
    async claims({ network, address, signal }) {
      try {
        const target = await targetOf(network);
        const url = new URL(target.url);
        url.pathname = `${url.pathname.replace(/\/$/, '')}/${address.toLowerCase()}.json`;
        const limits = { clock, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES, signal };
        const { status, body } = await getJson({ ...target, url }, limits);
        return status === 404 ? [] : claimsIn(status, body);
      } catch (error) {
        throw asProblem(error);
      }
    },
  };
}

function claimsIn(status: number, body: string): readonly RewardClaim[] {
  if (status !== 200) {
    throw new ProofsProblem(`the server of spec.rewards answers with HTTP status ${status}`);
  }
  return parseClaims(body);
}

function asProblem(error: unknown): unknown {
  if (error instanceof HttpFailure) {
    return new ProofsProblem(`the server of spec.rewards cannot be read: ${error.message}`);
  }
  if (error instanceof ClaimsFileError) {
    return new ProofsProblem(
      `what the server of spec.rewards answers cannot be understood: ${error.message}`,
    );
  }
  return error instanceof UrlProblem ? new ProofsProblem(error.message) : error;
}
