import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../time/clock.ts';
import { selfSignedCertificate } from '../tls/self-signed-certificate.ts';
import type { ContainerLog } from './container-log.ts';
import { readLog } from './log-file.ts';
import { formatLine, isWanted, parseLogOptions, selectLines, type LogOptions } from './log-options.ts';

/** What the API server asks a node for. */
export interface KubeletServices {
  /** Undefined when the pod or the container is not here; a string says why there is no log. */
  containerLog(pod: PodName, container: string, previous: boolean): ContainerLog | string | undefined;
  /** False for a pod of a node that is cut off: its requests find nobody. */
  isReachable(pod: PodName): boolean;
}

export interface PodName {
  readonly namespace: string;
  readonly name: string;
}

export interface KubeletServerOptions {
  readonly clock: Clock;
  /** PEM: only a client that shows this certificate is answered. Without it, anybody on this machine is. */
  readonly clientCertificate?: string | undefined;
}

/** The agent's HTTPS endpoint on 127.0.0.1, with the one path of kubelet's API that it has: `/containerLogs`. */
export interface KubeletServer {
  readonly port: number;
  close(): Promise<void>;
}

export async function startKubeletServer(
  services: KubeletServices,
  { clock, clientCertificate }: KubeletServerOptions,
): Promise<KubeletServer> {
  const { certificate, key } = selfSignedCertificate({
    commonName: 'headframe-node-agent',
    dnsNames: ['localhost'],
    addresses: ['127.0.0.1'],
    usage: 'server',
    now: clock.now(),
  });
  const client =
    clientCertificate === undefined
      ? {}
      : { ca: clientCertificate, requestCert: true, rejectUnauthorized: true };
  const server = createServer({ cert: certificate, key, ...client }, (request, response) =>
    route(request, response, { services, clock }),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => closeServer(server) };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // `kubectl logs -f` would hold it for ever.
    server.closeAllConnections();
  });
}

interface Context {
  readonly services: KubeletServices;
  readonly clock: Clock;
}

function route(request: IncomingMessage, response: ServerResponse, context: Context): void {
  const url = new URL(request.url ?? '/', 'https://127.0.0.1');
  const [, root, ...names] = url.pathname.split('/').map(decodeURIComponent);
  if (root === 'healthz') {
    send(response, 200, 'ok');
  } else if (root === 'containerLogs' && names.length === 3) {
    const [namespace = '', name = '', container = ''] = names;
    serveLog(response, { ...context, pod: { namespace, name }, container, query: url.searchParams });
  } else {
    send(response, 501, `the node agent runs pods as local processes and has no ${url.pathname}`);
  }
}

interface LogRequest extends Context {
  readonly pod: PodName;
  readonly container: string;
  readonly query: URLSearchParams;
}

function serveLog(response: ServerResponse, { services, clock, pod, container, query }: LogRequest): void {
  let options: LogOptions;
  try {
    options = parseLogOptions(query, clock.now());
  } catch (error) {
    send(response, 422, (error as Error).message);
    return;
  }
  if (!services.isReachable(pod)) {
    response.destroy();
    return;
  }
  const found = services.containerLog(pod, container, options.previous);
  if (found === undefined) {
    send(response, 404, `container ${container} of pod ${pod.namespace}/${pod.name} is not on this node`);
  } else if (typeof found === 'string') {
    send(response, 400, found);
  } else {
    streamLog(response, found, options);
  }
}

function streamLog(response: ServerResponse, { file, path }: ContainerLog, options: LogOptions): void {
  let left = options.limitBytes ?? Infinity;
  const write = (text: string): void => {
    const bytes = Buffer.from(text).subarray(0, Math.min(left, Buffer.byteLength(text)));
    left -= bytes.length;
    response.write(bytes);
    if (left <= 0) {
      response.end();
    }
  };
  response.writeHead(200, { 'Content-Type': 'text/plain' });
  for (const line of selectLines(file?.lines() ?? readLog(path), options)) {
    if (left > 0) {
      write(formatLine(line, options));
    }
  }
  if (!options.follow || file === undefined) {
    response.end();
    return;
  }
  response.flushHeaders();
  const unfollow = file.follow({
    line: (line) => {
      if (left > 0 && isWanted(line, options)) {
        write(formatLine(line, options));
      }
    },
    end: () => response.end(),
  });
  response.once('close', unfollow);
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}
