import { describeDemand } from '../gpu-demand.ts';
import { type Objection, firstObjection } from './objection.ts';
import type { Question } from './question.ts';
import { type ClusterRoom, type LineRoom, roomLeft } from './room.ts';
import { formatUsd } from './usd.ts';

/** One question to a line of a cluster. The answer is a reason; undefined: no objection. */
type LineFilter = (room: LineRoom, question: Question, cluster: ClusterRoom) => string | undefined;

/** One question that has nothing to do with room. */
type TermFilter = (room: LineRoom, question: Question) => string | undefined;

/** What must be true of a line also for replicas that stand on it. */
const termFilters: readonly TermFilter[] = [wantedModel, enoughMemory, priceToCompare, priceWithinCap];

/** What must be true of a line for replicas to come. The further a line gets, the more its reason says. */
const lineFilters: readonly LineFilter[] = [
  ...termFilters,
  besideItsGang,
  freeGpus,
  besidesReserve,
  roomTogether,
];

/** Why a replica that stands on the line should not. */
export function objectionToStanding(room: LineRoom, question: Question): Objection | undefined {
  return firstObjection(termFilters, (filter) => filter(room, question));
}

/** What each of the filters about terms means for replicas that stand on the line, in their order. */
export const termCauses = ['unwantedModel', 'tooLittleMemory', 'noPrice', 'aboveCap'] as const;

/** What is against replicas coming to the line, if its cluster will do. */
export function objectionToLine(
  room: LineRoom,
  question: Question,
  cluster: ClusterRoom,
): Objection | undefined {
  return firstObjection(lineFilters, (filter) => filter(room, question, cluster));
}

/** `has no NVIDIA-A100 or NVIDIA-H100`, `has no NVIDIA GPU with at least 40960 MiB`. */
export function hasNone({ request }: Question, minMemoryMiB = 0): string {
  return `has no ${describeDemand({ ...request, minMemoryMiB }).replace(/^any /, '')}`;
}

function wantedModel({ line }: LineRoom, question: Question): string | undefined {
  return question.preference.rankOf(line) === undefined ? hasNone(question) : undefined;
}

function enoughMemory({ line }: LineRoom, question: Question): string | undefined {
  const { preference, request } = question;
  return preference.hasMemory(line) ? undefined : hasNone(question, request.minMemoryMiB);
}

function priceToCompare({ line }: LineRoom, { request }: Question): string | undefined {
  const { maxMicroUsdPerGpuHour: cap } = request;
  return cap === undefined || line.microUsdPerGpuHour !== undefined
    ? undefined
    : `has no price to compare with cap ${formatUsd(cap)}`;
}

function priceWithinCap({ line }: LineRoom, { request }: Question): string | undefined {
  const { maxMicroUsdPerGpuHour: cap = Infinity } = request;
  const { microUsdPerGpuHour: price = 0 } = line;
  return price <= cap ? undefined : `price above cap ${formatUsd(cap)}`;
}

function besideItsGang({ line }: LineRoom, { home }: Question, { offer }: ClusterRoom): string | undefined {
  return home === undefined || (home.cluster === offer.name && home.model === line.model)
    ? undefined
    : 'apart from where the gang runs';
}

function freeGpus({ fits, taken }: LineRoom, { request }: Question): string | undefined {
  if (fits > taken) {
    return undefined;
  }
  const { countPerReplica } = request;
  return countPerReplica === 1 ? 'has no free GPU' : `has no node with ${countPerReplica} free GPUs`;
}

function besidesReserve(room: LineRoom, _question: Question, cluster: ClusterRoom): string | undefined {
  const isSpare = room.spare > room.taken && cluster.spare > cluster.taken;
  return isSpare ? undefined : 'free GPUs kept for the owner';
}

function roomTogether(room: LineRoom, { together }: Question, cluster: ClusterRoom): string | undefined {
  return roomLeft(cluster, room) >= together ? undefined : `no room for ${together} replicas together`;
}
