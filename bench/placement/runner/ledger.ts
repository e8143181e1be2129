import type { ClusterOffer } from '../../../src/compute/placement/offer.ts';
import { placeKey } from '../../../src/compute/placement/question.ts';
import { inProportion } from '../../../src/compute/reserve.ts';
import type { Place } from '../../../src/compute/placement/request.ts';
import type { FleetCluster } from '../generator/fleet.ts';
import type { Prices } from '../generator/prices.ts';

/** Which GPUs of which nodes are free: what kube-scheduler and the inventory are to the operator. */
export interface Ledger {
  offers(prices: Prices): readonly ClusterOffer[];
  /**
   * Binds a replica to the fullest node that holds it.
   * @returns the node, as a number
   * @throws Error when no node has so many GPUs free: whoever chose the place has counted wrongly
   */
  bind(place: Place, gpus: number): number;
  release(place: Place, node: number, gpus: number): void;
}

export function createLedger(fleet: readonly FleetCluster[]): Ledger {
  const free = new Map<string, number[]>();
  for (const { name, lines } of fleet) {
    for (const { model, gpusByNode } of lines) {
      free.set(placeKey({ cluster: name, model }), [...gpusByNode]);
    }
  }

  function nodesAt(place: Place): number[] {
    const nodes = free.get(placeKey(place));
    if (nodes === undefined) {
      throw new Error(`${place.cluster} has no ${place.model}`);
    }
    return nodes;
  }

  function change(place: Place, node: number, gpus: number): void {
    const nodes = nodesAt(place);
    nodes[node] = (nodes[node] ?? 0) + gpus;
  }

  return {
    offers: (prices) =>
      fleet.map(({ name, reserve, lines }) => {
        const freeOf = lines.map(({ model }) => sum(nodesAt({ cluster: name, model })));
        // As the status of a ComputeCluster spreads it.
        const kept = inProportion(freeOf, Math.min(sum(freeOf), reserve));
        return {
          name,
          labels: {},
          reachable: true,
          freeForGuests: sum(freeOf) - sum(kept),
          lines: lines.map(({ gpusByNode: _all, ...line }, at) => {
            const place = { cluster: name, model: line.model };
            const price = prices.get(placeKey(place));
            return {
              ...line,
              freeByNode: [...nodesAt(place)],
              freeForGuests: (freeOf[at] ?? 0) - (kept[at] ?? 0),
              ...(price !== undefined && { microUsdPerGpuHour: price }),
            };
          }),
        };
      }),
    bind(place, gpus) {
      const nodes = nodesAt(place);
      const least = Math.min(...nodes.filter((count) => count >= gpus));
      const node = nodes.indexOf(least);
      if (node === -1) {
        throw new Error(`no node of ${placeKey(place)} has ${gpus} free GPUs`);
      }
      change(place, node, -gpus);
      return node;
    },
    release: (place, node, gpus) => change(place, node, gpus),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
