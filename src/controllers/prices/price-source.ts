import type { Immutable } from '../../api/kube-object.ts';
import type { PriceSource } from '../../api/staking-network/prices.ts';
import { HttpFailure } from '../../chain/http/http-failure.ts';
import { httpTarget } from '../../chain/http/http-target.ts';
import { getJson } from '../../chain/http/post-json.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../time/clock.ts';
import { entryReader } from '../networks/network-secrets.ts';
import { UrlProblem, urlOf } from '../rewards/secret-url.ts';
import { PriceProblem, priceIn } from './price-answer.ts';
import type { MicroUsd } from './usd.ts';

export interface PriceReaderParts {
  readonly client: KubeClient;
  /** In which Headframe runs, and the Secrets are. */
  readonly namespace: string;
  readonly clock: Clock;
}

/** Asks a server for a price. @throws PriceProblem */
export type ReadPrice = (
  source: NonNullable<Immutable<PriceSource>['http']>,
  signal: AbortSignal,
) => Promise<MicroUsd>;

const MAX_BYTES = 64 * 1024;
const TIMEOUT_MS = 10_000;

export function priceReader({ client, namespace, clock }: PriceReaderParts): ReadPrice {
  return async ({ url, urlFrom, jsonPointer }, signal) => {
    try {
      const source = { url, urlFrom, field: 'the url of the price' };
      const target = httpTarget({ url: await urlOf(source, entryReader(client, namespace)) });
      try {
        const limits = { clock, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES, signal };
        const { status, body } = await getJson(target, limits);
        if (status !== 200) {
          throw new PriceProblem(`the server answers with HTTP status ${status}`);
        }
        return priceIn(body, jsonPointer);
      } finally {
        target.close();
      }
    } catch (error) {
      throw error instanceof HttpFailure || error instanceof UrlProblem
        ? new PriceProblem(error.message)
        : error;
    }
  };
}
