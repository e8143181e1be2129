import { freeTerms } from '../../src/controllers/fleet/guest-terms.ts';
import type { Observed, Site } from '../../src/controllers/minerpool/observed.ts';

/** A pool as it is seen by an operator that knows one cluster: the one in which it runs. */
export interface Here
  extends
    Pick<Observed, 'pool'>,
    Partial<Pick<Observed, 'account' | 'revisions' | 'supply' | 'products'>>,
    Pick<Site, 'pods'>,
    Partial<Pick<Site, 'podNamed' | 'awaySince'>> {}

export function seenHere({ pool, pods, podNamed, awaySince, ...rest }: Here): Observed {
  return {
    pool,
    sites: [
      {
        cluster: 'local',
        pods,
        podNamed: podNamed ?? (() => undefined),
        awaySince: awaySince ?? (() => undefined),
        terms: freeTerms,
      },
    ],
    clusters: new Map(),
    revisions: [],
    supply: { total: 100, free: 100, nodesWithFree: 10, replicasFitting: 100 },
    products: [],
    placing: undefined,
    ...rest,
  };
}
