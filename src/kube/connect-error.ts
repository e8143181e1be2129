import { ApiError } from './errors.ts';

/** Error codes of node's net, dns and tls in words that say where to look. */
const plainWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ECONNABORTED: 'the connection was cut',
  ETIMEDOUT: 'no answer from the host',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ENOTFOUND: 'no such host name',
  EAI_AGAIN: 'the host name could not be looked up',
  EPROTO: 'TLS could not be agreed on; is it an https server?',
  CERT_HAS_EXPIRED: "the server's certificate has expired",
  CERT_NOT_YET_VALID: "the server's certificate is not valid yet; compare the clocks",
  DEPTH_ZERO_SELF_SIGNED_CERT:
    "the server's certificate is signed by itself, not by the configured authority",
  SELF_SIGNED_CERT_IN_CHAIN: "the server's certificate is not signed by the configured authority",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the server's certificate is not signed by the configured authority",
  UNABLE_TO_GET_ISSUER_CERT: "the server's certificate is not signed by the configured authority",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the server's certificate is not signed by the configured authority",
  CERT_SIGNATURE_FAILURE: "the server's certificate is not signed by the configured authority",
  ERR_TLS_CERT_ALTNAME_INVALID: "the server's certificate is for another host name",
  ERR_INVALID_CHAR: 'the credentials hold characters that no HTTP header may hold',
};

/** No answer, or not a whole one: code 0, reason `ConnectionFailed`, with the server and the cause in plain words. */
export function connectionFailed(server: URL, cause: unknown): ApiError {
  if (cause instanceof ApiError) {
    return cause;
  }
  const code = codeOf(cause);
  return new ApiError(`cannot speak with the API server at ${hostPort(server)}: ${words(code, cause)}`, {
    code: 0,
    reason: 'ConnectionFailed',
    cause,
  });
}

/** Nothing for so long that we gave up: code 0, reason `Timeout`. */
export function timedOut(server: URL, milliseconds: number): ApiError {
  return new ApiError(
    `the API server at ${hostPort(server)} did not answer within ${milliseconds / 1000} s`,
    {
      code: 0,
      reason: 'Timeout',
    },
  );
}

/** We hung up ourselves: code 0, reason `Aborted`. */
export function aborted(): ApiError {
  return new ApiError('the request was given up', { code: 0, reason: 'Aborted' });
}

/** `host:port`, also where the URL leaves the port to its scheme. */
export function hostPort(server: URL): string {
  return `${server.hostname}:${server.port || (server.protocol === 'http:' ? '80' : '443')}`;
}

function words(code: string | undefined, cause: unknown): string {
  if (code === undefined) {
    return cause instanceof Error ? cause.message : 'unknown failure';
  }
  const known = plainWords[code] ?? (code.startsWith('HPE_') ? 'its answer is not HTTP' : undefined);
  return known === undefined ? code : `${known} (${code})`;
}

/** A name with several addresses fails with an AggregateError: the first failure speaks for all. */
function codeOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) {
    return undefined;
  }
  const own = (cause as NodeJS.ErrnoException).code;
  return own ?? (cause instanceof AggregateError ? codeOf(cause.errors[0]) : undefined);
}
