import type { Express, RequestHandler } from 'express';
import type { Logger } from '../telemetry/logger.ts';
import { plainApp } from './plain-app.ts';

/** What the probes ask: why not; empty means all is well. */
export interface Probes {
  notLiveReasons(): readonly string[];
  notReadyReasons(): readonly string[];
}

/**
 * `GET /livez` (200, or 500: restart it) and `GET /readyz` (200, or 503: send it nothing), as kubelets ask them. The body is
 * `ok`, or a reason a line. With `?verbose` the last line names the check and its result, as kube-apiserver's does.
 */
export function probeApp(probes: Probes, log: Logger): Express {
  return plainApp(log, (app) => {
    app.get(
      '/livez',
      check('livez', 500, () => probes.notLiveReasons()),
    );
    app.get(
      '/readyz',
      check('readyz', 503, () => probes.notReadyReasons()),
    );
  });
}

function check(name: string, failureStatus: number, reasons: () => readonly string[]): RequestHandler {
  return (request, response) => {
    const found = reasons();
    const passed = found.length === 0;
    const verdict = `${name} check ${passed ? 'passed' : 'failed'}`;
    const lines = request.query['verbose'] !== undefined ? [...found, verdict] : passed ? ['ok'] : found;
    response
      .status(passed ? 200 : failureStatus)
      .set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
      .type('text/plain')
      .send(`${lines.join('\n')}\n`);
  };
}
