import { isDeepStrictEqual } from 'node:util';
import type { Immutable } from '../../api/kube-object.ts';
import type { StakeAccount } from '../../api/stake-account.ts';
import type { StakingNetwork } from '../../api/staking-network.ts';
import type { StakingProtocol } from '../../chain/protocols/protocol.ts';
import type { Store } from '../../kube/store.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { BY_NETWORK } from '../caches.ts';
import type { EndpointsParts } from './endpoints.ts';
import { feePolicyOf } from './fee-policy-of.ts';
import { finalityOf } from './finality-of.ts';
import { hindrance } from './judge.ts';
import type { NetworkLook } from './network-look.ts';
import { type NetworkSession, openSession } from './network-session.ts';
import type { Networks, NetworksListener, NetworkView, UsableNetwork } from './network-view.ts';

export interface NetworksParts extends EndpointsParts {
  readonly networks: Pick<Store<StakingNetwork>, 'get'>;
  readonly accounts: Pick<Store<StakeAccount>, 'byIndex'>;
  /** How the contracts of a network are read and called. */
  readonly protocolFor: (spec: Immutable<StakingNetwork['spec']>) => StakingProtocol;
}

/** What a look gave. */
export interface Sight {
  /** What the last look that ended showed; undefined before the first. */
  readonly look: NetworkLook | undefined;
  /** Milliseconds until the next is due. */
  readonly nextMs: number;
}

/** All StakingNetworks, for the controller that looks at them. */
export interface WatchedNetworks extends Networks {
  /**
   * Looks at the network if that is due: all its accounts at one block. Connects when the StakingNetwork is new, or says something else
   * than before. Waits for at most a second: then the last look stands, and who is told by {@link onLateLook} looks again.
   */
  look(network: Immutable<StakingNetwork>, log: Logger): Promise<Sight>;
  /** Closes the connections to the network, if there are any. */
  forget(name: string): void;
  /** Told of every look that ends after whoever began it has stopped waiting, with the name of the network. */
  onLateLook(listener: (name: string) => void): void;
  /** The end of `signal` closes all connections, for good. */
  begin(signal: AbortSignal): void;
}

interface Open {
  readonly session: NetworkSession;
  readonly means: unknown;
  /** The object that the means were last compared with. */
  network: Immutable<StakingNetwork>;
  /** As listeners know it. */
  view: NetworkView;
}

const connecting: NetworkView = { kind: 'connecting' };

export function createNetworks(parts: NetworksParts): WatchedNetworks {
  const { networks, accounts, protocolFor } = parts;
  const open = new Map<string, Open>();
  const listeners: NetworksListener[] = [];
  const lateListeners: ((name: string) => void)[] = [];
  let ended = false;

  function addressesOn(name: string): readonly string[] {
    const named = accounts.byIndex(BY_NETWORK, name).map(({ spec }) => spec.address.toLowerCase());
    return [...new Set(named)];
  }

  /** The session, if it is still of what the StakingNetwork says now. */
  function current(network: Immutable<StakingNetwork>): NetworkSession | undefined {
    const known = open.get(network.metadata.name);
    if (known === undefined || known.network === network) {
      return known?.session;
    }
    if (!isDeepStrictEqual(known.means, meansOf(network))) {
      return undefined;
    }
    known.network = network;
    return known.session;
  }

  function view(name: string): NetworkView {
    const network = networks.get(name);
    if (network === undefined || network.metadata.deletionTimestamp !== undefined) {
      return { kind: 'missing' };
    }
    const session = current(network);
    const { last, pool, protocol } = session ?? {};
    if (last === undefined || protocol === undefined) {
      return connecting;
    }
    const { spec } = network;
    const objection = hindrance(last, spec);
    if (objection !== undefined) {
      return { kind: 'away', ...objection };
    }
    if (pool === undefined || last.found.kind === 'failed') {
      return connecting;
    }
    return {
      kind: 'usable',
      name,
      chainId: BigInt(spec.chainId),
      pool,
      protocol,
      facts: last.found.facts,
      block: last.found.block,
      fees: feePolicyOf(spec.fees),
      finality: finalityOf(spec.finality),
      confirmations: spec.confirmations,
      pollMs: spec.pollSeconds * 1000,
      prices: network.status?.prices,
      priceSources: spec.prices,
    };
  }

  function tellIfChanged(name: string): void {
    const known = open.get(name);
    const now = view(name);
    if (known !== undefined && isNews(known.view, now)) {
      known.view = now;
      listeners.forEach((listener) => listener.networkChanged(name));
    }
  }

  function forget(name: string): void {
    const known = open.get(name);
    if (known !== undefined) {
      known.session.close();
      open.delete(name);
      listeners.forEach((listener) => listener.networkChanged(name));
    }
  }

  function connect(network: Immutable<StakingNetwork>): NetworkSession {
    const { name } = network.metadata;
    forget(name);
    const protocol = protocolFor(network.spec);
    const session = openSession(
      name,
      network,
      { ...parts, protocol, addresses: () => addressesOn(name) },
      {
        looked: (isLate) => {
          tellIfChanged(name);
          if (isLate) {
            lateListeners.forEach((listener) => listener(name));
          }
        },
        blockSeen: () => listeners.forEach((listener) => listener.blockSeen(name)),
        accountChanged: (address) => listeners.forEach((listener) => listener.accountChanged(name, address)),
      },
    );
    open.set(name, { session, means: meansOf(network), network, view: connecting });
    return session;
  }

  return {
    view,
    stateOf: (name, address) => open.get(name)?.session.stateOf(address.toLowerCase()),
    listen: (listener) => void listeners.push(listener),
    onLateLook: (listener) => void lateListeners.push(listener),
    async look(network, log) {
      const session = current(network) ?? (ended ? undefined : connect(network));
      if (session === undefined) {
        return { look: undefined, nextMs: network.spec.pollSeconds * 1000 };
      }
      const nextMs = await session.look(network, log);
      tellIfChanged(network.metadata.name);
      return { look: session.last, nextMs };
    },
    forget,
    begin(signal) {
      signal.addEventListener(
        'abort',
        () => {
          ended = true;
          open.forEach(({ session }) => session.close());
          open.clear();
        },
        { once: true },
      );
    },
  };
}

/** What a session is built from: another one is needed when it changes. */
function meansOf({ metadata: { uid }, spec }: Immutable<StakingNetwork>): unknown {
  const { chainId, endpoints, protocol, multicall3, pollSeconds } = spec;
  return { uid, chainId, endpoints, protocol, multicall3, pollSeconds };
}

/** Another block alone is none. */
function isNews(before: NetworkView, now: NetworkView): boolean {
  if (before.kind === 'usable' && now.kind === 'usable') {
    return (
      before.pool !== now.pool ||
      knowsPrices(before) !== knowsPrices(now) ||
      !isDeepStrictEqual(before.facts, now.facts)
    );
  }
  if (before.kind === 'away' && now.kind === 'away') {
    return before.reason !== now.reason;
  }
  return before.kind !== now.kind;
}

/** Claims wait for both prices. */
function knowsPrices({ prices }: UsableNetwork): boolean {
  return prices?.tokenUSD !== undefined && prices.coinUSD !== undefined;
}
