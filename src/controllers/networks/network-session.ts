import { isDeepStrictEqual } from 'node:util';
import type { Immutable } from '../../api/kube-object.ts';
import type { StakingNetwork } from '../../api/staking-network.ts';
import type { AccountState, StakingProtocol } from '../../chain/protocols/protocol.ts';
import type { RpcPool } from '../../chain/rpc/rpc-pool.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { type Clock, sleep } from '../../time/clock.ts';
import { type EndpointsParts, createEndpoints } from './endpoints.ts';
import { type LookFailure, type NetworkLook, mayPass } from './network-look.ts';
import { type NetworkReading, readingFailure, readNetwork } from './read-network.ts';

export interface SessionParts extends EndpointsParts {
  readonly clock: Clock;
  readonly protocol: StakingProtocol;
  /** Addresses of all accounts on the network, in lower case, each once. */
  readonly addresses: () => readonly string[];
}

/** What happened in a session. */
export interface SessionListener {
  /**
   * A look has ended, whatever it showed.
   * @param isLate nobody waits for it any more
   */
  looked(isLate: boolean): void;
  /** Another block than before was read. */
  blockSeen(): void;
  /** @param address in lower case */
  accountChanged(address: string): void;
}

/** One network for as long as its spec says the same of where it is and what it is: its connections, and what was read last. */
export interface NetworkSession {
  /** What the last look showed; undefined until one has ended. */
  readonly last: NetworkLook | undefined;
  /** The connections. Undefined while there are none. */
  readonly pool: RpcPool | undefined;
  readonly protocol: StakingProtocol;
  /** @param address in lower case */
  stateOf(address: string): AccountState | undefined;
  /**
   * Begins a look if one is due, and waits for it, but not long: one that hangs goes on by itself.
   * @returns milliseconds until the next is due
   */
  look(network: Immutable<StakingNetwork>, log: Logger): Promise<number>;
  close(): void;
}

/** How a look ended; with everything that was read, if it was. */
interface Attempt {
  readonly look: NetworkLook;
  readonly reading?: NetworkReading;
}

/** A look that takes longer is given up. Three times what one call may take. */
const LOOK_LIMIT_MS = 30_000;

/** So long a reconcile waits for a look: most are done by then, and no more is lost to one that hangs. */
const PATIENCE_MS = 1000;

/** After a look that failed the next one comes sooner than the spec says. */
const RETRY_MS = 1000;
const LONGEST_RETRY_MS = 10_000;

/** So many looks must fail in a row, once all was well, before it is said: one lost answer is no news. */
const FAILURES_THAT_COUNT = 2;

export function openSession(
  name: string,
  opened: Immutable<StakingNetwork>,
  parts: SessionParts,
  listener: SessionListener,
): NetworkSession {
  const { clock, protocol, addresses } = parts;
  const stop = new AbortController();
  const endpoints = createEndpoints(name, opened.spec, parts);
  let pool: RpcPool | undefined;
  let last: NetworkLook | undefined;
  let reading: NetworkReading | undefined;
  let attempted: readonly string[] = [];
  let failures = 0;
  let beganAtMs = -Infinity;
  let underWay: Promise<void> | undefined;
  let isAwaited = false;

  function dueInMs(pollMs: number): number {
    const isNewAccount = failures === 0 && addresses().some((address) => !attempted.includes(address));
    const retryMs = Math.min(RETRY_MS * 2 ** Math.max(0, failures - 1), LONGEST_RETRY_MS);
    const intervalMs = failures > 0 ? Math.min(pollMs, retryMs) : pollMs;
    return isNewAccount ? 0 : Math.max(0, beganAtMs + intervalMs - clock.monotonic());
  }

  async function attempt(log: Logger, signal: AbortSignal): Promise<Attempt> {
    pool = await endpoints.open(failures > 0);
    if (pool === undefined) {
      const { reason = 'NetworkSecretMissing', message = 'no endpoint is known' } = endpoints.problem() ?? {};
      return failing({ kind: 'failed', at: 'Endpoints', reason, message });
    }
    attempted = addresses();
    try {
      const now = await readNetwork({ pool, protocol, addresses: attempted, previous: reading, signal });
      const { facts, block } = now;
      const found = { kind: 'read', facts, block, headAgeMs: clock.now() - block.time } as const;
      return { look: { endpoints: endpoints.looks(), found }, reading: now };
    } catch (error) {
      const looks = endpoints.looks();
      const found = readingFailure(error, looks);
      if (found !== undefined) {
        return { look: { endpoints: looks, found } };
      }
      log.error('a network could not be read', { error });
      return failing({
        kind: 'failed',
        at: 'Contracts',
        reason: 'ProtocolReadFailed',
        message: 'the contracts answered what nobody expected: the operator’s log says more',
      });
    }
  }

  function failing(found: LookFailure): Attempt {
    return { look: { endpoints: endpoints.looks(), found } };
  }

  function tell(before: NetworkReading | undefined, now: NetworkReading): void {
    for (const [address, state] of now.states) {
      if (!isDeepStrictEqual(state, before?.states.get(address))) {
        listener.accountChanged(address);
      }
    }
    if (before?.block.hash !== now.block.hash) {
      listener.blockSeen();
    }
  }

  function take({ look, reading: now }: Attempt): void {
    const isPassing =
      last?.found.kind === 'read' && look.found.kind === 'failed' && mayPass(look.found.reason);
    failures = look.found.kind === 'read' ? 0 : failures + 1;
    last = isPassing && failures < FAILURES_THAT_COUNT ? last : look;
    const before = reading;
    reading = now ?? reading;
    if (now !== undefined && now !== before) {
      tell(before, now);
    }
  }

  async function run(log: Logger): Promise<void> {
    const limit = new AbortController();
    const timer = clock.after(LOOK_LIMIT_MS, () => limit.abort());
    try {
      const attempted = await attempt(log, AbortSignal.any([stop.signal, limit.signal]));
      if (!stop.signal.aborted) {
        take(attempted);
      }
    } catch (error) {
      failures++;
      log.error('a network could not be looked at', { error });
    } finally {
      timer.cancel();
      underWay = undefined;
      if (!stop.signal.aborted) {
        listener.looked(!isAwaited);
      }
    }
  }

  return {
    get last() {
      return last;
    },
    get pool() {
      return pool;
    },
    protocol,
    stateOf: (address) => reading?.states.get(address),
    async look(network, log) {
      const pollMs = network.spec.pollSeconds * 1000;
      if (underWay === undefined && !stop.signal.aborted && dueInMs(pollMs) === 0) {
        beganAtMs = clock.monotonic();
        underWay = run(log);
        isAwaited = true;
        const patience = new AbortController();
        await Promise.race([underWay, sleep(clock, PATIENCE_MS, patience.signal)]);
        patience.abort();
        isAwaited = false;
      }
      return underWay === undefined ? dueInMs(pollMs) : pollMs;
    },
    close() {
      stop.abort();
      endpoints.close();
    },
  };
}
