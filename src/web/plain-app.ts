import express, { type ErrorRequestHandler, type Express } from 'express';
import type { Logger } from '../telemetry/logger.ts';

/**
 * An express app that gives nothing away: no `X-Powered-By`, no stack traces, plain text throughout.
 * @param mount adds the routes
 */
export function plainApp(log: Logger, mount: (app: Express) => void): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  mount(app);
  app.use((_request, response) => {
    response.status(404).type('text/plain').send('not found\n');
  });
  // express knows an error handler by its four parameters.
  const onError: ErrorRequestHandler = (error: unknown, request, response, _next) => {
    log.error('request failed', { error, path: request.path });
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response.status(500).type('text/plain').send('internal error\n');
  };
  app.use(onError);
  return app;
}
