import type { Request, Response } from 'express';

/** The answer to every other path, in one line of text. */
export function notFound(request: Request, response: Response): void {
  response.status(404).type('text/plain').send(`404: there is no ${request.path} here\n`);
}
