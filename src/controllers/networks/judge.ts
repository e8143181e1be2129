import { type Statement, condition } from '../../api/conditions.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { Reason } from '../../api/reasons.ts';
import type { StakingNetworkSpec } from '../../api/staking-network/spec.ts';
import { AmountError } from '../../chain/amounts/amount.ts';
import { feePolicyOf } from './fee-policy-of.ts';
import type { LookFailure, LookSuccess, NetworkLook } from './network-look.ts';

/** Why a network cannot be used. */
export interface Objection {
  readonly reason: Reason;
  readonly message: string;
}

type Limits = Pick<Immutable<StakingNetworkSpec>, 'maxHeadAgeSeconds' | 'fees'>;

/** What keeps a network from being used at all, as its look showed it. Pure, and the only place that decides this. */
export function hindrance({ found }: NetworkLook, limits: Limits): Objection | undefined {
  if (found.kind === 'failed') {
    return { reason: found.reason, message: found.message };
  }
  return oldHead(found, limits) ?? impossibleFees(limits);
}

/** The first that objects to calling the network ready. A pause of contracts does, and yet they are read, and one of them may go on. */
export function objectionTo(look: NetworkLook, limits: Limits): Objection | undefined {
  return hindrance(look, limits) ?? (look.found.kind === 'read' ? pausedContracts(look.found) : undefined);
}

/** What is true of each part of a network, apart from whether it can be used. */
export function partStatements(look: NetworkLook, limits: Limits): readonly Statement[] {
  const { found } = look;
  const failure = found.kind === 'failed' ? found : undefined;
  return [
    reachable(failure),
    chainIdMatches(look, failure),
    contractsFound(failure),
    found.kind === 'read' ? synced(found, limits) : unknown('Synced', found),
  ];
}

function reachable(failure: LookFailure | undefined): Statement {
  return failure?.at === 'Endpoints'
    ? condition('Reachable', false, failure.reason, failure.message)
    : condition('Reachable', true, 'EndpointAnswers');
}

/** One endpoint of another chain is worth knowing of, also while others serve. */
function chainIdMatches({ endpoints }: NetworkLook, failure: LookFailure | undefined): Statement {
  const wrong = endpoints.filter(({ state }) => state === 'WrongChain');
  if (wrong.length > 0) {
    const message = wrong.map((endpoint) => endpoint.message).join('; ');
    return condition('ChainIdMatches', false, 'WrongChain', message);
  }
  return failure?.at === 'Endpoints'
    ? unknown('ChainIdMatches', failure)
    : condition('ChainIdMatches', true, 'ChainMatches');
}

function contractsFound(failure: LookFailure | undefined): Statement {
  if (failure === undefined) {
    return condition('ContractsFound', true, 'ContractsRead');
  }
  return failure.reason === 'WrongContracts'
    ? condition('ContractsFound', false, failure.reason, failure.message)
    : unknown('ContractsFound', failure);
}

function synced(found: LookSuccess, limits: Limits): Statement {
  const objection = oldHead(found, limits);
  return objection === undefined
    ? condition('Synced', true, 'HeadIsYoung')
    : condition('Synced', false, objection.reason, objection.message);
}

function pausedContracts({ facts: { paused } }: LookSuccess): Objection | undefined {
  return paused.length === 0
    ? undefined
    : {
        reason: 'ContractsPaused',
        message: `${paused.join(' and ')} ${paused.length === 1 ? 'is' : 'are'} paused by the network’s guardian: calls of it are refused until the pause ends`,
      };
}

/** The message says since when, not for how long: it stays the same while the chain stands still. */
function oldHead({ block, headAgeMs }: LookSuccess, { maxHeadAgeSeconds }: Limits): Objection | undefined {
  return headAgeMs <= maxHeadAgeSeconds * 1000
    ? undefined
    : {
        reason: 'HeadTooOld',
        message: `the latest block, ${block.number}, is of ${new Date(block.time).toISOString()}, and spec.maxHeadAgeSeconds allows ${maxHeadAgeSeconds} s: the nodes do not follow the chain, it stands still, or the clock here is wrong`,
      };
}

function impossibleFees({ fees }: Limits): Objection | undefined {
  try {
    feePolicyOf(fees);
    return undefined;
  } catch (error) {
    if (error instanceof AmountError) {
      return { reason: 'FeesInvalid', message: error.message };
    }
    throw error;
  }
}

function unknown(type: string, { reason, message }: Objection): Statement {
  return condition(type, 'Unknown', reason, message);
}
