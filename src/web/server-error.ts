import type { ErrorRequestHandler } from 'express';

/**
 * The answer when a handler failed: one line of text. express's own would print the stack to whoever asks. Mount it last: express
 * knows an error handler by its four parameters.
 */
export const serverError: ErrorRequestHandler = (error: unknown, request, response, _next) => {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const why = error instanceof Error ? error.message : 'unknown error';
  response.status(500).type('text/plain').send(`500: ${request.path} failed: ${why}\n`);
};
