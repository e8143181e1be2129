import { Counter, Gauge, type Registry } from 'prom-client';
import type { Clock } from '../../time/clock.ts';
import { isTrue } from '../../api/conditions.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { StakingNetworkStatus } from '../../api/staking-network/status.ts';
import type { NetworkLook } from '../networks/network-look.ts';

/** What is told of networks besides their status: what changes with every block. */
export interface NetworkMetrics {
  /** What the last look showed, and what was made of it; undefined before the first. May be told several times of one look. */
  seen(
    network: string,
    look: NetworkLook | undefined,
    status: Immutable<StakingNetworkStatus> | undefined,
  ): void;
  /** The StakingNetwork is gone. */
  forget(network: string): void;
}

export function networkMetrics(registry: Registry, clock: Pick<Clock, 'now'>): NetworkMetrics {
  const common = { labelNames: ['network'] as const, registers: [registry] };
  /** When the latest block was made, in milliseconds since 1970. */
  const heads = new Map<string, number>();
  const counted = new Map<string, NetworkLook>();
  const head = new Gauge({
    name: 'headframe_chain_head_block',
    help: 'Number of the latest block of a network that was read.',
    ...common,
  });
  const age = new Gauge({
    name: 'headframe_chain_head_age_seconds',
    help: 'Age of the latest block of a network that was read. Grows while no endpoint answers.',
    ...common,
    collect() {
      heads.forEach((time, network) => age.set({ network }, (clock.now() - time) / 1000));
    },
  });
  const ready = new Gauge({
    name: 'headframe_network_ready',
    help: '1 while a StakingNetwork can be used, else 0.',
    ...common,
  });
  const looks = new Counter({
    name: 'headframe_network_looks_total',
    help: 'Looks at a network that showed something new, by what came of them: read or failed.',
    labelNames: ['network', 'result'] as const,
    registers: [registry],
  });
  const results = ['read', 'failed'] as const;
  return {
    seen(network, look, status) {
      results.forEach((result) => looks.inc({ network, result }, 0));
      ready.set({ network }, isTrue(status?.conditions, 'Ready') ? 1 : 0);
      if (look === undefined || counted.get(network) === look) {
        return;
      }
      counted.set(network, look);
      looks.inc({ network, result: look.found.kind });
      if (look.found.kind === 'read') {
        head.set({ network }, look.found.block.number);
        heads.set(network, look.found.block.time);
      }
    },
    forget(network) {
      heads.delete(network);
      counted.delete(network);
      [head, age, ready].forEach((metric) => metric.remove({ network }));
      results.forEach((result) => looks.remove({ network, result }));
    },
  };
}

/** For an operator that nobody measures. */
export const noMetrics: NetworkMetrics = { seen: () => undefined, forget: () => undefined };
