import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

/** What is to be seen at a path. */
export interface Page {
  readonly status: number;
  /** Content-Type. */
  readonly type: string;
  readonly text: string;
}

/** Makes a page for one request. */
export type PageMaker = () => Page | Promise<Page>;

const PLAIN = 'text/plain; charset=utf-8';

/** A page of plain text. */
export function plainPage(status: number, text: string): Page {
  return { status, type: PLAIN, text };
}

/**
 * Serves a page at each path, with or without a slash at its end, to GET and HEAD. All other answers are one line of text: 404, 405, and 500 when a page cannot be made; a
 * stack is for the log, not for whoever asks.
 */
export function pages(makers: Readonly<Record<string, PageMaker>>): RequestListener {
  return (request, response) => {
    void pageFor(makers, request).then((page) => send(page, response));
  };
}

async function pageFor(
  makers: Readonly<Record<string, PageMaker>>,
  { method, url = '/' }: IncomingMessage,
): Promise<Page> {
  const path = url.replace(/\?.*$/, '').replace(/(?<=.)\/$/, '');
  const maker = Object.hasOwn(makers, path) ? makers[path] : undefined;
  if (maker === undefined) {
    return plainPage(404, `404: there is no ${path} here\n`);
  }
  if (method !== 'GET' && method !== 'HEAD') {
    return plainPage(405, `405: ${path} is there to GET\n`);
  }
  try {
    return await maker();
  } catch (error) {
    return plainPage(
      500,
      `500: ${path} failed: ${error instanceof Error ? error.message : 'unknown error'}\n`,
    );
  }
}

/** Node leaves out the text of an answer to HEAD. */
function send({ status, type, text }: Page, response: ServerResponse): void {
  const headers = { 'content-type': type, 'content-length': Buffer.byteLength(text) };
  response.writeHead(status, status === 405 ? { ...headers, allow: 'GET, HEAD' } : headers).end(text);
}
