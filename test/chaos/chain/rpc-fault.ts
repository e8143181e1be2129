import { type Random, shuffled } from './random.ts';

/** What goes wrong between an operator and its node. */
export const RPC_FAULTS = [
  /** 429, with Retry-After. */
  'rateLimited',
  /** 502, and a page of HTML. */
  'badGateway',
  /** The connection is reset before the node sees the request. */
  'cutBefore',
  /** The node has done what it was asked, and its answer is lost. */
  'cutAfter',
  /** The node has done what it was asked, and its answer takes half a minute. */
  'hang',
  /** A batch is answered but for one call. */
  'partialBatch',
  /** A batch is answered in another order. */
  'shuffledBatch',
  /** The node counts fewer transactions of an account than there are. */
  'understatedNonce',
  /** The node counts more transactions of an account than there are. */
  'overstatedNonce',
] as const;

export type RpcFault = (typeof RPC_FAULTS)[number];

/** Of the faults, those by which a node lies. */
export const LIES: readonly RpcFault[] = ['understatedNonce', 'overstatedNonce'];

/** A call as it came over the wire. */
export interface WireCall {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** An answer as it goes over the wire. */
export interface WireAnswer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

const COUNTING = 'eth_getTransactionCount';

/** Whether the fault can befall a request of these calls. */
export function canBefall(fault: RpcFault, calls: readonly WireCall[]): boolean {
  switch (fault) {
    case 'partialBatch':
    case 'shuffledBatch':
      return calls.length > 1;
    case 'understatedNonce':
    case 'overstatedNonce':
      return calls.some(({ method }) => method === COUNTING);
    case 'rateLimited':
    case 'badGateway':
    case 'cutBefore':
    case 'cutAfter':
    case 'hang':
      return true;
  }
}

/**
 * Deals faults in random order, each as often as the others, as far as the requests allow it: those that befall few requests come first
 * where they can.
 */
export interface FaultDeck {
  /** Undefined when no fault can befall these calls. */
  draw(calls: readonly WireCall[]): RpcFault | undefined;
}

export function faultDeck(faults: readonly RpcFault[], random: Random): FaultDeck {
  const dealt = (): RpcFault[] => {
    const mixed = shuffled(faults, random);
    return [
      ...mixed.filter((fault) => !canBefall(fault, [])),
      ...mixed.filter((fault) => canBefall(fault, [])),
    ];
  };
  let left = dealt();
  return {
    draw(calls) {
      const drawn =
        left.find((fault) => canBefall(fault, calls)) ??
        shuffled(faults, random).find((fault) => canBefall(fault, calls));
      left = left.filter((fault) => fault !== drawn);
      if (left.length === 0) {
        left = dealt();
      }
      return drawn;
    },
  };
}

/** A lie is at most so many transactions off. */
const FARTHEST = 4;

/**
 * What a node that answers wrongly makes of its answers; undefined when the fault changes nothing of them.
 * @param answers in the order of the calls
 */
export function distorted(
  fault: RpcFault,
  calls: readonly WireCall[],
  answers: readonly WireAnswer[],
  random: Random,
): readonly WireAnswer[] | undefined {
  switch (fault) {
    case 'partialBatch': {
      const missing = random(answers.length);
      return answers.filter((_, index) => index !== missing);
    }
    case 'shuffledBatch': {
      // Turned by at least one, so that no answer stays where it was.
      const by = 1 + random(answers.length - 1);
      return [...answers.slice(by), ...answers.slice(0, by)];
    }
    case 'understatedNonce':
      return lied(calls, answers, (nonce) => Math.max(0, nonce - 1 - random(FARTHEST)));
    case 'overstatedNonce':
      return lied(calls, answers, (nonce) => nonce + 1 + random(FARTHEST));
    case 'rateLimited':
    case 'badGateway':
    case 'cutBefore':
    case 'cutAfter':
    case 'hang':
      return undefined;
  }
}

/** Undefined when the lie would be the truth: nobody has sent less than nothing. */
function lied(
  calls: readonly WireCall[],
  answers: readonly WireAnswer[],
  lie: (nonce: number) => number,
): readonly WireAnswer[] | undefined {
  const told = answers.map((answer, index) => {
    const counts = calls[index]?.method === COUNTING && typeof answer.result === 'string';
    return counts ? { ...answer, result: `0x${lie(Number(answer.result)).toString(16)}` } : answer;
  });
  return told.some(({ result }, index) => result !== answers[index]?.result) ? told : undefined;
}
