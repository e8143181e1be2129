import type { RequestListener } from 'node:http';
import { pages, plainPage, type PageMaker } from './pages.ts';

/** Why something is not well, one sentence each; empty when it is. */
export type Probe = () => readonly string[];

export interface Probes {
  /** Whether restarting the process would help. Never depends on the API server. */
  readonly live: Probe;
  /** Whether the process can do its work now. */
  readonly ready: Probe;
}

/** GET /livez and /readyz: `ok`, or 503 with a reason a line. */
export function probeApp({ live, ready }: Probes): RequestListener {
  return pages({ '/livez': pageOf(live), '/readyz': pageOf(ready) });
}

function pageOf(probe: Probe): PageMaker {
  return () => {
    const reasons = probe();
    return reasons.length === 0
      ? plainPage(200, 'ok\n')
      : plainPage(503, reasons.map((reason) => `${reason}\n`).join(''));
  };
}
