import { type Statement, condition } from '../../api/conditions.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { StakingNetwork } from '../../api/staking-network.ts';
import type { PriceSource, PricesStatus } from '../../api/staking-network/prices.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { type Clock, rfc3339 } from '../../time/clock.ts';
import { type Believed, believe, unknownPrice } from './clamp.ts';
import { PriceProblem } from './price-answer.ts';
import type { ReadPrice } from './price-source.ts';
import { type MicroUsd, deviates, formatUsd, parseUsd } from './usd.ts';

export interface PriceBoardParts {
  readonly read: ReadPrice;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What is worth something on a network. */
export type Asset = 'token' | 'coin';

/** What token and coin of networks are worth. */
export interface PriceBoard {
  /**
   * What a network's status is to say of prices: what it says, unless a price has changed by more than 1 %, came or went, or has been
   * seen so much later that a restart would take it for old. Servers are asked in the background. Undefined: nothing.
   */
  look(network: Immutable<StakingNetwork>, signal: AbortSignal): PricesStatus | undefined;
  /** Whether the last looks at prices gave some. Nothing where none are asked for. */
  statements(network: Immutable<StakingNetwork>): readonly Statement[];
  forget(network: string): void;
}

/** How often a server is asked at most, in milliseconds; and at least thrice before a price is stale. */
const LONGEST_PERIOD_MS = 60_000;

/** Less is not written. */
const NEWS_PERCENT = 1;

const assets = ['token', 'coin'] as const;

interface KnownPrice {
  readonly price: MicroUsd;
  /** Since it was last seen. */
  readonly ageMs: number;
  /** When it is so old it is none. */
  readonly staleMs: number;
}

interface Page {
  readonly means: string;
  believed: Believed;
  /** When the price that is believed was last seen, monotonic milliseconds. */
  seenAtMs: number;
  askedAtMs: number;
  isUnderWay: boolean;
  problem: string | undefined;
}

export function createPriceBoard({ read, clock, log }: PriceBoardParts): PriceBoard {
  const pages = new Map<string, Map<Asset, Page>>();

  function priceOf(
    network: Immutable<StakingNetwork>,
    asset: Asset,
    signal: AbortSignal,
  ): KnownPrice | undefined {
    const source = network.spec.prices?.[asset];
    if (source?.http === undefined) {
      return source?.usd === undefined
        ? undefined
        : { price: parseUsd(source.usd), ageMs: 0, staleMs: Infinity };
    }
    const page = pageOf(network, asset, source);
    const staleMs = source.http.staleAfterSeconds * 1000;
    if (!page.isUnderWay && clock.monotonic() - page.askedAtMs >= Math.min(LONGEST_PERIOD_MS, staleMs / 3)) {
      ask(page, source.http, signal);
    }
    const { price } = page.believed;
    const ageMs = clock.monotonic() - page.seenAtMs;
    return price === undefined || ageMs > staleMs ? undefined : { price, ageMs, staleMs };
  }

  /** What the status says is what was believed last, before this process began, and as old as it says. */
  function pageOf(
    { metadata, status }: Immutable<StakingNetwork>,
    asset: Asset,
    source: Immutable<PriceSource>,
  ): Page {
    const ofNetwork = pages.get(metadata.name) ?? new Map<Asset, Page>();
    pages.set(metadata.name, ofNetwork);
    const means = JSON.stringify(source);
    const known = ofNetwork.get(asset);
    if (known?.means === means) {
      return known;
    }
    const text = status?.prices?.[`${asset}USD`];
    const believed =
      text === undefined || known !== undefined ? unknownPrice : { ...unknownPrice, price: parseUsd(text) };
    const page = {
      means,
      believed,
      seenAtMs: believed.price === undefined ? -Infinity : clock.monotonic() - ageMs(status?.prices),
      askedAtMs: -Infinity,
      isUnderWay: false,
      problem: undefined,
    };
    ofNetwork.set(asset, page);
    return page;
  }

  function ageMs(said: Immutable<PricesStatus> | undefined): number {
    const seenAt = Date.parse(said?.observedTime ?? '');
    return Number.isNaN(seenAt) ? Infinity : Math.max(0, clock.now() - seenAt);
  }

  function ask(page: Page, source: NonNullable<Immutable<PriceSource>['http']>, signal: AbortSignal): void {
    page.askedAtMs = clock.monotonic();
    page.isUnderWay = true;
    read(source, signal)
      .then(
        (price) => {
          const before = page.believed;
          page.believed = believe(before, price, source.maxDeviationPercent);
          const isHeld = page.believed.jumped !== undefined;
          page.problem = isHeld ? 'it jumped by more than is allowed, and is looked at again' : undefined;
          page.seenAtMs = isHeld ? page.seenAtMs : clock.monotonic();
        },
        (error: unknown) => {
          if (!(error instanceof PriceProblem)) {
            log.error('a price could not be read', { error });
          }
          page.problem = error instanceof PriceProblem ? error.message : 'the operator’s log says more';
        },
      )
      .finally(() => (page.isUnderWay = false));
  }

  return {
    look(network, signal) {
      const [token, coin] = assets.map((asset) => priceOf(network, asset, signal));
      const known = [token, coin].filter((each) => each !== undefined);
      const seen = {
        token: token?.price,
        coin: coin?.price,
        seenAt: clock.now() - Math.max(0, ...known.map((each) => each.ageMs)),
        refreshMs: Math.min(...known.map(({ staleMs }) => staleMs / 2)),
      };
      return pricesStatus(seen, network.status?.prices);
    },
    statements({ metadata, spec }) {
      const problems = [...(pages.get(metadata.name) ?? [])].flatMap(([asset, { problem }]) =>
        problem === undefined || spec.prices?.[asset]?.http === undefined
          ? []
          : [`the price of the ${asset}: ${problem}`],
      );
      if (spec.prices === undefined) {
        return [];
      }
      return [
        problems.length === 0
          ? condition('PricesKnown', true, 'PricesRead')
          : condition('PricesKnown', false, 'PriceUnreadable', problems.join('; ')),
      ];
    },
    forget: (network) => void pages.delete(network),
  };
}

/** Prices that are known, and when. */
export interface SeenPrices {
  readonly token: MicroUsd | undefined;
  readonly coin: MicroUsd | undefined;
  /** When the older of them was last seen; milliseconds since 1970. */
  readonly seenAt: number;
  /** What was written of the same prices so many milliseconds before that is written again. */
  readonly refreshMs: number;
}

/** What a status says of prices: the same as before while none has come, gone, or changed by more than 1 %, and it is not too old. Pure. */
export function pricesStatus(
  { token, coin, seenAt, refreshMs }: SeenPrices,
  before: Immutable<PricesStatus> | undefined,
): PricesStatus | undefined {
  const isOld = seenAt - Date.parse(before?.observedTime ?? '') >= refreshMs;
  if (before !== undefined && !isOld && isSame(token, before.tokenUSD) && isSame(coin, before.coinUSD)) {
    return { ...before };
  }
  return token === undefined && coin === undefined
    ? undefined
    : {
        ...(token === undefined ? {} : { tokenUSD: formatUsd(token) }),
        ...(coin === undefined ? {} : { coinUSD: formatUsd(coin) }),
        observedTime: rfc3339(seenAt),
      };
}

function isSame(price: MicroUsd | undefined, said: string | undefined): boolean {
  return price === undefined || said === undefined
    ? price === undefined && said === undefined
    : !deviates(price, parseUsd(said), NEWS_PERCENT);
}
