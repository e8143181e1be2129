import type { Immutable } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import type { PlacementStatus } from '../../api/placement.ts';
import type { ClusterOffer, ClusterRefusal } from '../../compute/placement/offer.ts';
import { type BackoffPolicy, backoffMs } from '../../time/backoff.ts';
import type { Outcome } from './outcome.ts';

/** Half a minute, for a quota that is about to be raised, up to half an hour, for one that is not. */
const backoff: BackoffPolicy = { initialMs: 30_000, factor: 2, maxMs: 1_800_000 };

/** After so long a refusal is forgotten: then a running replica may move there again, which costs a restart if it is refused. */
const REMEMBERED_MS = 21_600_000;

/** What is remembered of a cluster that has refused a pod of a pool. */
export interface Refused {
  /** In the API server's own words, short. */
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** So many times in a row it has refused, each after the wait that the one before had cost. */
  readonly times: number;
  /** Until then nothing new is sent there; milliseconds since 1970. */
  readonly until: number;
}

/** By cluster. */
export type RefusedByCluster = ReadonlyMap<string, Refused>;

/**
 * Which clusters have refused pods of which pools, so that a pool does not go where it is refused while others stand empty. In memory;
 * after a start what the status says of it counts (`refusedTime`), but for how often it was: the wait begins small again.
 */
export interface RefusingClusters {
  /** @param revision of the pool: what was refused of another one says nothing of this one */
  of(
    pool: Immutable<Pick<MinerPool, 'metadata' | 'status'>>,
    revision: string,
    now: number,
  ): RefusedByCluster;
  note(poolUid: string, revision: string, outcome: Outcome, now: number): void;
  forget(poolUid: string): void;
}

export function createRefusingClusters(): RefusingClusters {
  const pools = new Map<string, { readonly revision: string; readonly refused: RefusedByCluster }>();
  function known(poolUid: string, revision: string): RefusedByCluster {
    const pool = pools.get(poolUid);
    return pool?.revision === revision ? pool.refused : new Map<string, Refused>();
  }
  return {
    of({ metadata: { uid }, status }, revision, now) {
      if (!pools.has(uid)) {
        pools.set(uid, {
          revision: status?.updateRevision ?? revision,
          refused: readRefused(status?.placement),
        });
      }
      return new Map([...known(uid, revision)].filter(([, { at }]) => now - at < REMEMBERED_MS));
    },
    // Also when nothing is left: the status says so only after the next look.
    note: (poolUid, revision, outcome, now) =>
      void pools.set(poolUid, { revision, refused: refusedAfter(known(poolUid, revision), outcome, now) }),
    forget: (poolUid) => void pools.delete(poolUid),
  };
}

/** What is to be remembered after another try. A cluster that has made a pod and refused none has made good. Pure. */
export function refusedAfter(
  before: RefusedByCluster,
  { madeIn, refusedIn }: Pick<Outcome, 'madeIn' | 'refusedIn'>,
  now: number,
): RefusedByCluster {
  const after = new Map([...before].filter(([cluster]) => !madeIn.has(cluster)));
  for (const [cluster, reason] of refusedIn) {
    after.set(cluster, refusedAgain(after.get(cluster), reason, now));
  }
  return after;
}

/** Who is refused while he waits has not waited: the wait goes on, and grows no longer. */
function refusedAgain(last: Refused | undefined, message: string, now: number): Refused {
  const reason = refusalInWords(message);
  if (last !== undefined && now < last.until) {
    return { ...last, reason };
  }
  const times = last === undefined || now - last.at >= REMEMBERED_MS ? 1 : last.times + 1;
  return { reason, at: now, times, until: now + backoffMs(backoff, times) };
}

/** The offers, each with what its cluster has refused. */
export function withRefusals(
  offers: readonly ClusterOffer[],
  refused: RefusedByCluster,
  now: number,
): readonly ClusterOffer[] {
  return refused.size === 0
    ? offers
    : offers.map((offer) => {
        const last = refused.get(offer.name);
        return last === undefined ? offer : { ...offer, refusal: refusalNow(last, now) };
      });
}

function refusalNow({ reason, at, until }: Refused, now: number): ClusterRefusal {
  return { reason, at, until, isOver: now >= until };
}

/** How a status says of a cluster that may be tried again what it refused. */
export const REFUSED = 'refused pods: ';

/** What a status says of refusals. */
function readRefused(status: Immutable<PlacementStatus> | undefined): RefusedByCluster {
  return new Map(
    (status?.refusals ?? []).flatMap(({ cluster, reason, refusedTime }): [string, Refused][] => {
      if (refusedTime === undefined) {
        return [];
      }
      const at = Date.parse(refusedTime);
      const [, words = 'for a reason that is not known any more'] =
        /^refuse[sd] pods: (.*)$/.exec(reason) ?? [];
      return [[cluster, { reason: words, at, times: 1, until: at + backoffMs(backoff, 1) }]];
    }),
  );
}

const LONGEST_REASON = 160;

/**
 * An API server's refusal without what every pod's differs in: `pods "miners-3" is forbidden: exceeded quota: gpus (POST ...)` is
 * `exceeded quota: gpus`.
 */
export function refusalInWords(message: string): string {
  const said = message
    .replace(/ \([A-Z]+ \/\S*: \d{3} \w+\)$/, '')
    .replace(/^\S+( "[^"]*")? is (forbidden|invalid): /i, '');
  return said.length > LONGEST_REASON ? `${said.slice(0, LONGEST_REASON - 1)}…` : said;
}
