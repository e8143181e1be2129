import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Connection } from '../../kube/connection.ts';
import { systemClock, type Clock } from '../../time/clock.ts';
import { kubeconfigText } from '../control-plane/credentials.ts';
import { selfSignedCertificate } from '../tls/self-signed-certificate.ts';
import { createFaultPlan, type FaultPlan, type FaultRule } from './fault-plan.ts';
import { openFrontDoor } from './front-door.ts';
import { requestInfo } from './request-info.ts';
import type { OpenEntry, RequestEntry } from './request-record.ts';
import { serveRequest, type ServingParts } from './serve-request.ts';
import { connectUpstream } from './upstream.ts';

export interface FaultProxyOptions {
  /** The API server behind it. Its TLS material is used; its identity only for {@link FaultProxy.kubeconfig}. */
  readonly target: Connection;
  readonly clock?: Clock;
}

/**
 * An HTTPS reverse proxy on 127.0.0.1 in front of an API server that makes things go wrong as it is told to. Streams bodies both
 * ways. Clients' own credentials go through, except client certificates: TLS ends here.
 */
export interface FaultProxy {
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  /** PEM of the certificate to trust. */
  readonly certificate: string;
  /** Text of a kubeconfig with the bearer token of the target's connection. */
  readonly kubeconfig: string;
  /** Every request that has arrived, in order. Grows as long as the proxy lives. */
  readonly record: readonly RequestEntry[];
  /** The rules from now on, instead of the former; their times and counts start now. Connections under way stay as they are. */
  inject(rules: readonly FaultRule[], seed?: number): void;
  /** From now on nobody listens, and every connection is reset: the API server is away. */
  refuse(): Promise<void>;
  /** Resets every connection. */
  cut(): void;
  /**
   * Ends all faults: no rules, connections are accepted, and those on which a fault is under way or still to come are reset.
   * @returns the moment, monotonic milliseconds of the record's clock
   */
  heal(): Promise<number>;
  stop(): Promise<void>;
}

export async function startFaultProxy({
  target,
  clock = systemClock,
}: FaultProxyOptions): Promise<FaultProxy> {
  const { certificate, key } = selfSignedCertificate({
    commonName: 'headframe-fault-proxy',
    dnsNames: ['localhost'],
    addresses: ['127.0.0.1'],
    usage: 'server',
    now: clock.now(),
  });
  const upstream = connectUpstream(target);
  const record: OpenEntry[] = [];
  /** Connections on which a fault is under way, or still to come. */
  const spoilt = new Set<Socket>();
  let plan: { readonly faults: FaultPlan; readonly start: number } | undefined;

  const server = createServer({ cert: certificate, key, minVersion: 'TLSv1.2' }, onRequest);
  // An open watch, or a request that is held back, is no client that dawdles.
  server.requestTimeout = 0;
  const front = await openFrontDoor(await listen(server));
  const parts: ServingParts = { upstream, front, clock };

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    const { method = 'GET', url = '/', headers } = request;
    const info = requestInfo(method, url);
    const at = clock.monotonic();
    const decision = plan?.faults.decide(info, at - plan.start);
    const entry: OpenEntry = {
      ...info,
      at,
      method,
      path: url,
      userAgent: headers['user-agent'] ?? '',
      rule: decision?.rule,
      status: undefined,
      answeredAt: undefined,
      endedAt: undefined,
      reached: false,
    };
    record.push(entry);
    if (decision !== undefined && decision.fault.kind !== 'latency') {
      spoilt.add(request.socket);
      response.once('close', () => spoilt.delete(request.socket));
    }
    void serveRequest(parts, { request, response, decision, entry });
  }

  const url = `https://127.0.0.1:${front.port}`;
  const token = bearerToken(await target.headers());
  return {
    url,
    certificate,
    kubeconfig: kubeconfigText({ server: url, certificate }, 'admin', token),
    record,
    inject(rules, seed = 0) {
      plan = { faults: createFaultPlan(rules, seed), start: clock.monotonic() };
    },
    refuse: () => front.shut(),
    cut: () => front.resetAll(),
    async heal() {
      plan = undefined;
      spoilt.forEach((socket) => front.reset(socket));
      await front.open();
      return clock.monotonic();
    },
    async stop() {
      await front.shut();
      server.close();
      server.closeAllConnections();
      upstream.close();
    },
  };
}

/** @returns the port */
async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function bearerToken({ Authorization = '' }: Readonly<Record<string, string>>): string {
  return Authorization.replace(/^Bearer /, '');
}
