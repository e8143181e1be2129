import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions as HttpsAgentOptions } from 'node:https';
import { createSecureContext } from 'node:tls';
import type { TlsMaterial } from './connection.ts';

/**
 * Requests that must not wait for each other's sockets: an open watch holds its socket for minutes, and a lease renewal that
 * queues behind a burst of requests loses the lease.
 */
export type Lane = 'requests' | 'watches' | 'leases';

/** The pooled sockets to one server. */
export interface SocketLanes {
  /** The pool of the lane. Material that has changed gets new pools; what is under way on the old ones may finish. */
  agent(lane: Lane, tls: TlsMaterial): HttpAgent;
  /** Cuts every connection. */
  close(): void;
}

/** Shorter than the 90 s after which API servers close an idle connection, so that we are the ones who close. */
const IDLE_MS = 60_000;
/** TCP keep-alive probes find a peer that is gone without a word. */
const PROBE_MS = 30_000;
/** Renewals and elections: never more than a few at a time. */
const LEASE_SOCKETS = 4;

/** @param maxSockets how many requests of the lane `requests` may be under way at the same time; others queue */
export function socketLanes(protocol: string, maxSockets: number): SocketLanes {
  const limits: Record<Lane, number> = { requests: maxSockets, watches: Infinity, leases: LEASE_SOCKETS };
  const all: HttpAgent[] = [];
  let current: { tls: TlsMaterial; agents: Record<Lane, HttpAgent> } | undefined;

  function open(lane: Lane, tls: TlsMaterial): HttpAgent {
    const options = {
      keepAlive: true,
      keepAliveMsecs: PROBE_MS,
      timeout: IDLE_MS,
      maxSockets: limits[lane],
    };
    const agent =
      protocol === 'http:' ? new HttpAgent(options) : new HttpsAgent({ ...options, ...secure(tls) });
    all.push(agent);
    return agent;
  }

  return {
    agent(lane, tls) {
      if (current?.tls !== tls) {
        const agents = {
          requests: open('requests', tls),
          watches: open('watches', tls),
          leases: open('leases', tls),
        };
        current = { tls, agents };
      }
      return current.agents[lane];
    },
    close() {
      for (const agent of all) {
        agent.destroy();
      }
    },
  };
}

/**
 * The material, parsed once for all sockets. An agent that is given certificates as text makes the whole text part of the key under
 * which it looks for a free socket, at every request.
 */
function secure({ ca, cert, key, ...rest }: TlsMaterial): HttpsAgentOptions {
  return { ...rest, secureContext: createSecureContext({ ca, cert, key, minVersion: 'TLSv1.2' }) };
}
