import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Fault } from './fault.ts';
import type { RequestInfo, Verb } from './request-info.ts';

/** Which requests a rule is about; what is left out matches all. */
export interface RequestMatch {
  readonly verbs?: readonly Verb[];
  readonly resources?: readonly string[];
  /** `''`: only the resource itself. */
  readonly subresource?: string;
  /** Of watches: only those that go on from a resourceVersion, or only those that start with a list. */
  readonly resumes?: boolean;
}

/** When which fault happens. */
export interface FaultRule {
  /** Stands in the record. */
  readonly name: string;
  readonly match?: RequestMatch;
  readonly fault: Fault;
  /** So many matching requests pass first. @default 0 */
  readonly skip?: number;
  /** So often, then never again. @default always */
  readonly times?: number;
  /** So many milliseconds from the start of the plan. @default always */
  readonly forMs?: number;
  /** Of the requests that get here, in [0, 1]. @default 1 */
  readonly probability?: number;
}

/** A rule that applies, with what chance had to say about it. */
export interface Decision {
  readonly rule: string;
  readonly fault: Fault;
  /** In [0, 1): where in its range a fault with a range falls. */
  readonly chance: number;
}

/** Decides on one request after the other; remembers how often each rule has applied. */
export interface FaultPlan {
  /**
   * The first rule that applies, if any.
   * @param elapsedMs since the start of the plan
   */
  decide(request: RequestInfo, elapsedMs: number): Decision | undefined;
}

/** The same seed, rules and sequence of requests give the same decisions. */
export function createFaultPlan(rules: readonly FaultRule[], seed: number): FaultPlan {
  const generator = xoroshiro128plus(seed);
  const states = rules.map((rule) => ({ rule, matched: 0, applied: 0 }));

  function applies(state: { rule: FaultRule; matched: number; applied: number }, elapsedMs: number): boolean {
    const { skip = 0, times = Infinity, forMs = Infinity, probability = 1 } = state.rule;
    state.matched++;
    const due = state.matched > skip && state.applied < times && elapsedMs < forMs;
    return due && uniformFloat64(generator) < probability;
  }

  return {
    decide(request, elapsedMs) {
      for (const state of states) {
        if (matches(state.rule, request) && applies(state, elapsedMs)) {
          state.applied++;
          return { rule: state.rule.name, fault: state.rule.fault, chance: uniformFloat64(generator) };
        }
      }
      return undefined;
    },
  };
}

/** Faults in the middle of a watch are for watches alone: the body of another answer is no stream of events. */
const onlyOfWatches: readonly Fault['kind'][] = ['truncate', 'expire', 'stall'];

function matches({ match = {}, fault }: FaultRule, request: RequestInfo): boolean {
  const { verbs, resources, subresource, resumes } = match;
  const { verb, resource = '' } = request;
  return (
    among(verbs, verb) &&
    among(resources, resource) &&
    among(subresource === undefined ? undefined : [subresource], request.subresource ?? '') &&
    among(resumes === undefined ? undefined : [resumes], request.resumes) &&
    (verb === 'watch' || !onlyOfWatches.includes(fault.kind))
  );
}

function among<T>(wanted: readonly T[] | undefined, value: T): boolean {
  return wanted?.includes(value) ?? true;
}
