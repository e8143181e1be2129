import { type Guest, bornAt, byValue } from './guest.ts';
import { type NodeRoom, couldServe } from './node-room.ts';
import type { WaitingPod } from './owners-pending.ts';

/** What room is made from. */
export interface RoomGrounds {
  readonly nodes: readonly NodeRoom[];
  /** Those that may be told to leave. */
  readonly guests: readonly Guest[];
  readonly waiting: readonly WaitingPod[];
  /** Guests that have been told already: they go before any other, so that nobody is told in vain. */
  readonly isTold: (guest: Guest) => boolean;
}

/** A node while room is being made. */
interface Site {
  readonly of: NodeRoom;
  room: number;
  /** Those that are to stay so far, in the order in which they would leave. */
  staying: readonly Guest[];
  readonly leaving: Guest[];
  /** What was worked out since somebody was last taken from the node, by the number of GPUs wanted. */
  readonly offers: Map<number, Offer | undefined>;
}

/** Guests that would have to leave a node, and what that costs. */
interface Offer {
  readonly site: Site;
  readonly leaving: readonly Guest[];
  readonly cost: Cost;
}

/** The weightiest first: the highest priority, what the GPUs are worth, how many guests, how old the oldest is. */
type Cost = readonly number[];

/**
 * The guests that have to leave so that the waiting pods find their GPUs: for each pod those of one node, the least valuable that
 * there are, and none that is not needed. A pod for which there is room already, or will be when pods that are being deleted are gone,
 * costs nobody anything; one that no guests of a node could make room for costs nobody anything either. Pods with the least choice
 * are served first, then the largest. Pure.
 */
export function leavingFor({ nodes, guests, waiting, isTold }: RoomGrounds): ReadonlySet<Guest> {
  if (waiting.length === 0 || guests.length === 0) {
    return new Set();
  }
  const sites = sitesOf(nodes, guests, isTold);
  const known = new Map<string, readonly Site[]>();
  const choices = waiting.map((pod) => ({ pod, possible: possibleSites(pod, sites, known) }));
  choices.sort(
    (a, b) => a.possible.length - b.possible.length || b.pod.gpus - a.pod.gpus || byUid(a.pod, b.pod),
  );
  for (const { pod, possible } of choices) {
    const tightest = least(
      possible,
      (a, b) => a.room - b.room,
      ({ room }) => room >= pod.gpus,
    );
    const offer = tightest === undefined ? cheapest(possible, pod.gpus, isTold) : undefined;
    const site = tightest ?? offer?.site;
    if (site !== undefined) {
      take(site, pod.gpus, offer?.leaving ?? []);
    }
  }
  return new Set(sites.flatMap(notSpared));
}

function sitesOf(
  nodes: readonly NodeRoom[],
  guests: readonly Guest[],
  isTold: (guest: Guest) => boolean,
): readonly Site[] {
  const byNode = new Map<string | undefined, Guest[]>();
  for (const guest of guests) {
    const node = guest.pod.spec.nodeName;
    byNode.set(node, [...(byNode.get(node) ?? []), guest]);
  }
  const toldFirst = (a: Guest, b: Guest): number => Number(isTold(b)) - Number(isTold(a)) || byValue(a, b);
  return nodes.map((of) => {
    const here = (byNode.get(of.gpus.node) ?? []).filter(({ resource }) => resource === of.gpus.resource);
    return { of, room: of.room, staying: here.sort(toldFirst), leaving: [], offers: new Map() };
  });
}

/** The nodes that could serve the pod. Most waiting pods are copies of each other. */
function possibleSites(
  waiting: WaitingPod,
  sites: readonly Site[],
  known: Map<string, readonly Site[]>,
): readonly Site[] {
  const { nodeSelector, affinity, tolerations } = waiting.pod.spec;
  const key = JSON.stringify([waiting.resource, waiting.gpus, nodeSelector, affinity, tolerations]);
  const possible = known.get(key) ?? sites.filter(({ of }) => couldServe(of, waiting));
  known.set(key, possible);
  return possible;
}

function take(site: Site, gpus: number, leaving: readonly Guest[]): void {
  site.room += sum(leaving) - gpus;
  site.staying = site.staying.filter((guest) => !leaving.includes(guest));
  site.leaving.push(...leaving);
  site.offers.clear();
}

/** Those that leave the node, without those whom the room that is left over lets stay: what was freed for a later pod may do for an earlier one. */
function notSpared({ leaving, room }: Site): readonly Guest[] {
  let over = room;
  return leaving
    .toSorted(byValue)
    .reverse()
    .filter((guest) => {
      const isSpared = guest.gpus <= over;
      over -= isSpared ? guest.gpus : 0;
      return !isSpared;
    });
}

function cheapest(
  sites: readonly Site[],
  wanted: number,
  isTold: (guest: Guest) => boolean,
): Offer | undefined {
  const offers = sites.flatMap((site) => {
    if (!site.offers.has(wanted)) {
      site.offers.set(wanted, offerOf(site, wanted, isTold));
    }
    return site.offers.get(wanted) ?? [];
  });
  return least(offers, (a, b) => compareCosts(a.cost, b.cost) || (nodeOf(a) < nodeOf(b) ? -1 : 1));
}

/** The least valuable guests of the node whose GPUs are enough together with its room, and none that could stay. */
function offerOf(site: Site, wanted: number, isTold: (guest: Guest) => boolean): Offer | undefined {
  const missing = wanted - site.room;
  let leaving: readonly Guest[] = [];
  for (const guest of site.staying) {
    if (sum(leaving) < missing) {
      leaving = [...leaving, guest];
    }
  }
  if (sum(leaving) < missing) {
    return undefined;
  }
  for (const guest of leaving.toReversed()) {
    if (sum(leaving) - guest.gpus >= missing) {
      leaving = leaving.filter((other) => other !== guest);
    }
  }
  return { site, leaving, cost: costOf(leaving.filter((guest) => !isTold(guest))) };
}

function costOf(guests: readonly Guest[]): Cost {
  return [
    Math.max(-Infinity, ...guests.map(({ priority }) => priority)),
    guests.reduce((all, { gpus, v100EquivalentsPerGpu }) => all + gpus * v100EquivalentsPerGpu, 0),
    guests.length,
    -Math.min(Infinity, ...guests.map(bornAt)),
  ];
}

function compareCosts(a: Cost, b: Cost): number {
  const index = a.findIndex((part, at) => part !== b[at]);
  return index < 0 ? 0 : (a[index] ?? 0) < (b[index] ?? 0) ? -1 : 1;
}

/** The first of the least items, of those that will do. */
function least<Item>(
  items: readonly Item[],
  compare: (a: Item, b: Item) => number,
  willDo: (item: Item) => boolean = () => true,
): Item | undefined {
  let best: Item | undefined;
  for (const item of items) {
    if (willDo(item) && (best === undefined || compare(item, best) < 0)) {
      best = item;
    }
  }
  return best;
}

function sum(guests: readonly Guest[]): number {
  return guests.reduce((total, { gpus }) => total + gpus, 0);
}

function nodeOf({ site }: Offer): string {
  return site.of.gpus.node;
}

function byUid(a: WaitingPod, b: WaitingPod): number {
  return a.pod.metadata.uid < b.pod.metadata.uid ? -1 : 1;
}
