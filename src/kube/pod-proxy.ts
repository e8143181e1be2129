import { Pods } from '../api/builtin.ts';
import type { ObjectKey } from '../api/kube-object.ts';
import { type Clock, sleep } from '../time/clock.ts';
import { ApiError } from './errors.ts';
import { resourcePath } from './path.ts';
import type { HttpStream, Transport } from './transport.ts';

/** A port of a pod, and what is asked of it. */
export interface PodPort {
  readonly port: number;
  /** Begins with a slash. */
  readonly path: string;
}

/** How much is read, and for how long. */
export interface ProxyLimits {
  readonly clock: Clock;
  /** Milliseconds from the call to the last byte. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * GETs a text from a pod through the API server (`pods/proxy`), by plain HTTP: for clusters whose pods cannot be reached from here.
 * @throws ApiError `Timeout`, `TooLarge` of code 0 among others
 */
export async function readPod(
  transport: Transport,
  pod: ObjectKey,
  { port, path }: PodPort,
  { clock, timeoutMs, maxBytes, signal }: ProxyLimits,
): Promise<string> {
  const prefix = `${resourcePath(Pods, { namespace: pod.namespace, name: pod.name })}:${port}/proxy`;
  const over = new AbortController();
  const done = new AbortController();
  void sleep(clock, timeoutMs, done.signal).then(() => over.abort());
  const ends = signal === undefined ? over.signal : AbortSignal.any([over.signal, signal]);
  try {
    const { body } = await transport.stream({
      method: 'GET',
      path: prefix + path,
      headers: { Accept: 'text/plain;version=0.0.4' },
      signal: ends,
    });
    return await collect(body, maxBytes);
  } catch (error) {
    if (over.signal.aborted) {
      throw refusal('Timeout', `the pod did not answer in full within ${timeoutMs / 1000} s`, error);
    }
    throw error instanceof ApiError ? error : refusal('ConnectionFailed', 'the answer was cut off', error);
  } finally {
    done.abort();
  }
}

async function collect(body: HttpStream['body'], maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      // Leaving the loop destroys the stream.
      throw refusal('TooLarge', `the pod sends more than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function refusal(reason: string, message: string, cause?: unknown): ApiError {
  return new ApiError(message, { code: 0, reason, cause });
}
