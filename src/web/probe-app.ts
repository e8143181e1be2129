import express, { type Express, type RequestHandler } from 'express';
import { notFound } from './not-found.ts';
import { serverError } from './server-error.ts';

/** Why something is not well, one sentence each; empty when it is. */
export type Probe = () => readonly string[];

export interface Probes {
  /** Whether restarting the process would help. Never depends on the API server. */
  readonly live: Probe;
  /** Whether the process can do its work now. */
  readonly ready: Probe;
}

/** GET /livez and /readyz: `ok`, or 503 with a reason a line. */
export function probeApp({ live, ready }: Probes): Express {
  const app = express();
  app.disable('x-powered-by');
  app.get('/livez', answer(live));
  app.get('/readyz', answer(ready));
  app.use(notFound);
  app.use(serverError);
  return app;
}

function answer(probe: Probe): RequestHandler {
  return (_request, response) => {
    const reasons = probe();
    response.status(reasons.length === 0 ? 200 : 503).type('text/plain');
    response.send(reasons.length === 0 ? 'ok\n' : reasons.map((reason) => `${reason}\n`).join(''));
  };
}
