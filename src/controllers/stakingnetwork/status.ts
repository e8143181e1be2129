import { type Statement, condition, setConditions } from '../../api/conditions.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { Reason } from '../../api/reasons.ts';
import type { StakingNetwork } from '../../api/staking-network.ts';
import type { StakingNetworkStatus } from '../../api/staking-network/status.ts';
import { formatTokens } from '../../chain/amounts/decimal.ts';
import type { NetworkFacts } from '../../chain/protocols/protocol.ts';
import { rfc3339 } from '../../time/clock.ts';
import { objectionTo, partStatements } from '../networks/judge.ts';
import type { NetworkLook } from '../networks/network-look.ts';

type Status = Immutable<StakingNetworkStatus>;

/**
 * The one derivation of the status of a network. Pure.
 * @param now milliseconds since 1970
 * @param more what is known besides
 */
export function statusOf(
  network: Immutable<StakingNetwork>,
  look: NetworkLook,
  now: number,
  more: readonly Statement[] = [],
): StakingNetworkStatus {
  const { metadata, spec, status } = network;
  const { generation } = metadata;
  const facts = look.found.kind === 'read' ? factsStatus(look.found.facts) : lastFacts(network, look);
  const stated = [ready(look, spec), ...partStatements(look, spec), ...stalled(look, spec), ...more];
  return {
    endpoints: look.endpoints.map((endpoint) => ({ ...endpoint })),
    ...facts,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    conditions: setConditions(status?.conditions, stated, { now, generation }),
  };
}

/** The status of a network that has not been looked at yet, since its spec changed at least. Pure. */
export function connectingStatus(network: Immutable<StakingNetwork>, now: number): StakingNetworkStatus {
  const { metadata, spec, status } = network;
  const { generation } = metadata;
  const message = 'the network is being looked at for the first time since its spec changed';
  const state = (type: string): Statement => condition(type, 'Unknown', 'NetworkConnecting', message);
  const stated = [
    ...['Ready', 'Reachable', 'ChainIdMatches', 'ContractsFound', 'Synced'].map(state),
    condition('Reconciling', true, 'NetworkConnecting', message),
  ];
  return {
    endpoints: spec.endpoints.map(({ name }) => ({
      name,
      state: 'Unknown',
      message: 'it has not answered yet',
    })),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    conditions: setConditions(status?.conditions, stated, { now, generation }),
  };
}

function ready(look: NetworkLook, spec: Immutable<StakingNetwork['spec']>): Statement {
  const objection = objectionTo(look, spec);
  return objection === undefined
    ? condition('Ready', true, 'NetworkReady')
    : condition('Ready', false, objection.reason, objection.message);
}

/** What nobody but the user can mend. */
const users: readonly Reason[] = [
  'NetworkSecretMissing',
  'NetworkSecretInvalid',
  'WrongChain',
  'WrongContracts',
  'FeesInvalid',
];

function stalled(look: NetworkLook, spec: Immutable<StakingNetwork['spec']>): readonly Statement[] {
  const objection = objectionTo(look, spec);
  return objection !== undefined && users.includes(objection.reason)
    ? [condition('Stalled', true, objection.reason, objection.message)]
    : [];
}

type FactsStatus = Pick<StakingNetworkStatus, 'token' | 'terms' | 'epoch'>;

function factsStatus({ token, terms, epoch }: NetworkFacts): FactsStatus {
  const { address, symbol, decimals } = token;
  return {
    token: { address, symbol: plain(symbol), decimals },
    terms: {
      stakePerMiner: formatTokens(terms.stakePerMiner, decimals),
      stakePerV100e: formatTokens(terms.stakePerUnit, decimals),
      thawingSeconds: terms.thawingSeconds,
    },
    ...(epoch === undefined ? {} : { epoch: { number: epoch.number, endTime: rfc3339(epoch.endsAt) } }),
  };
}

const MAX_SYMBOL = 32;

/** Anybody may write anything into a contract: one line, and short. */
function plain(symbol: string): string {
  return Array.from(symbol.replace(/\p{C}/gu, '')).slice(0, MAX_SYMBOL).join('');
}

/** What was read last stays to be seen, as long as it is of this very spec and nothing speaks against it. */
function lastFacts({ metadata, status }: Immutable<StakingNetwork>, { found }: NetworkLook): FactsStatus {
  const isOfOthers = found.kind === 'failed' && ['WrongContracts', 'WrongChain'].includes(found.reason);
  if (status === undefined || isOfOthers || status.observedGeneration !== metadata.generation) {
    return {};
  }
  const { token, terms, epoch } = status;
  return {
    ...(token === undefined ? {} : { token: { ...token } }),
    ...(terms === undefined ? {} : { terms: { ...terms } }),
    ...(epoch === undefined ? {} : { epoch: { ...epoch } }),
  };
}

/** What a status need not have. */
const optional = ['token', 'terms', 'epoch', 'prices'] as const;

/** The patch from one status to the next: a merge patch leaves alone what it does not name, so what is not known any more is named. */
export function statusPatch(status: StakingNetworkStatus, before: Status | undefined): object {
  const gone = optional.filter((field) => before?.[field] !== undefined && status[field] === undefined);
  const prices = status.prices && { tokenUSD: null, coinUSD: null, ...status.prices };
  return {
    ...status,
    ...(prices === undefined ? {} : { prices }),
    ...Object.fromEntries(gone.map((field) => [field, null])),
  };
}
