import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../../../telemetry/logger.ts';
import { serveDiscovery } from '../discovery/discovery.ts';
import { methodNotAllowed, StatusError, unauthorized, unknownPath } from '../status.ts';
import type { SubresourceContext } from '../subresources/subresources.ts';
import { refuseAnonymous } from './anonymous.ts';
import { isBuiltinPath } from './route.ts';
import { dispatchResource } from './dispatch.ts';
import { sendJson, sendText } from './respond.ts';
import { serveSystemPath } from './system-paths.ts';

/** Answers every request there is: who asks, what for, and what went wrong. */
export function requestHandler(
  context: SubresourceContext,
  { token, log }: { token: string; log: Logger },
): (request: IncomingMessage, response: ServerResponse) => void {
  const isKnown = tokenCheck(token);
  const discover = serveDiscovery(context.registry);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'https://127.0.0.1');
    const { authorization } = request.headers;
    if (authorization === undefined) {
      refuseAnonymous(request.method ?? 'GET', url);
    } else if (!isKnown(authorization)) {
      throw unauthorized();
    }
    const answered =
      (await dispatchResource(context, { request, response, url })) ||
      (isRead(request) && discover(request, response, url)) ||
      (isRead(request) && serveSystemPath(response, url));
    if (!answered && isBuiltinPath(url.pathname)) {
      throw unknownPath();
    }
    if (!answered) {
      sendText(response, '404 page not found\n', { code: 404, contentType: 'text/plain; charset=utf-8' });
    }
  }

  return (request, response) => {
    response.on('error', () => undefined);
    answer(request, response).catch((error: unknown) => {
      sendError(response, error, { request, log });
    });
  };
}

function sendError(
  response: ServerResponse,
  error: unknown,
  { request, log }: { request: IncomingMessage; log: Logger },
): void {
  if (request.destroyed && !request.complete) {
    response.destroy();
    return;
  }
  const refusal =
    error instanceof StatusError
      ? error
      : new StatusError(500, 'InternalError', `Internal error occurred: ${(error as Error).message}`);
  if (refusal !== error) {
    log.error('request failed', { method: request.method, url: request.url, error });
  }
  // What is left of a body that was refused must not be taken for the next request.
  const headers = {
    ...(request.complete ? {} : { Connection: 'close' }),
    ...(refusal.details?.retryAfterSeconds === undefined
      ? {}
      : { 'Retry-After': String(refusal.details.retryAfterSeconds) }),
  };
  sendJson(response, refusal.toStatus(), { code: refusal.code, headers });
}

/** @throws StatusError 405 where nothing but reading is possible */
function isRead({ method, url = '/' }: IncomingMessage): boolean {
  if (method === 'GET' || method === 'HEAD') {
    return true;
  }
  if (/^\/(version|api)\/?$/.test(url)) {
    throw methodNotAllowed();
  }
  return /^\/apis\/?$/.test(url);
}

function tokenCheck(token: string): (authorization: string | undefined) => boolean {
  const wanted = Buffer.from(`Bearer ${token}`);
  return (authorization) => {
    const given = Buffer.from(authorization ?? '');
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  };
}
