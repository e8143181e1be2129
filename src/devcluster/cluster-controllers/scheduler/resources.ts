import type { ResourceList } from '../../../api/builtin.ts';
import type { Immutable } from '../../../api/kube-object.ts';
import { parseQuantity, wholeUnits } from '../../../api/quantity.ts';
import type { SchedulingSpec } from './scheduling-spec.ts';

/** Whole amounts by resource name: `cpu` in thousandths of a core, memory and storage in bytes, all else in units. */
export type Amounts = ReadonlyMap<string, number>;

const NANOS_PER_MILLI = 1_000_000n;

/** Reads a resource list; fractions count as a whole (kube-scheduler rounds up). @throws QuantityError */
export function amountsOf(list: Immutable<ResourceList> | undefined): Map<string, number> {
  const amounts = new Map<string, number>();
  for (const [name, text] of Object.entries(list ?? {})) {
    amounts.set(name, amountOf(name, text));
  }
  return amounts;
}

function amountOf(name: string, text: string): number {
  const quantity = parseQuantity(text);
  return name === 'cpu'
    ? Number((quantity.nanos + NANOS_PER_MILLI - 1n) / NANOS_PER_MILLI)
    : Number(wholeUnits(quantity));
}

/**
 * What the pod needs at the most expensive moment of its life: all containers and sidecars together, or an init container
 * beside the sidecars that start before it; plus the overhead of its runtime class. (component-helpers: resource.PodRequests)
 */
export function podRequests(spec: Immutable<SchedulingSpec>): Amounts {
  const running = new Map<string, number>();
  for (const { resources } of spec.containers) {
    add(running, amountsOf(resources?.requests));
  }
  const sidecars = new Map<string, number>();
  const peak = new Map<string, number>();
  for (const { resources, restartPolicy } of spec.initContainers ?? []) {
    const own = amountsOf(resources?.requests);
    if (restartPolicy === 'Always') {
      add(running, own);
      add(sidecars, own);
      raise(peak, sidecars);
    } else {
      add(own, sidecars);
      raise(peak, own);
    }
  }
  raise(running, peak);
  add(running, amountsOf(spec.overhead));
  return running;
}

/** kube-scheduler counts pods that ask for no cpu or memory as if they asked for so much, when it scores nodes. */
const SCORED_DEFAULTS: Amounts = new Map([
  ['cpu', 100],
  ['memory', 200 * 1024 * 1024],
]);

/** The requests with which a node's load is compared: never nothing, or all idle pods would land on one node. */
export function scoredRequests(requests: Amounts): Amounts {
  return new Map([...SCORED_DEFAULTS].map(([name, least]) => [name, requests.get(name) ?? least]));
}

/** Adds `amounts` to `sum`, in place; `times` -1 takes them away. */
export function add(sum: Map<string, number>, amounts: Amounts, times: 1 | -1 = 1): void {
  for (const [name, amount] of amounts) {
    sum.set(name, (sum.get(name) ?? 0) + times * amount);
  }
}

function raise(peak: Map<string, number>, amounts: Amounts): void {
  for (const [name, amount] of amounts) {
    peak.set(name, Math.max(peak.get(name) ?? 0, amount));
  }
}
