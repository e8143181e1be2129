import {
  available,
  idle,
  type Model,
  type ModelAccount,
  type ModelProvision,
  type Outcome,
  type Provider,
  required,
  type Service,
} from './network-model.ts';

const MAX_REQUESTS = 100;

export function stake(model: Model, provider: Provider, tokens: bigint): Outcome {
  model.accounts[provider].staked += tokens;
  model.accounts[provider].purse -= tokens;
  return undefined;
}

export function unstake(model: Model, provider: Provider, tokens: bigint): Outcome {
  const account = model.accounts[provider];
  if (tokens > idle(account)) {
    return 'InsufficientIdleStake';
  }
  account.staked -= tokens;
  account.purse += tokens;
  return undefined;
}

export interface Provisioning {
  readonly provider: Provider;
  readonly service: Service;
  readonly tokens: bigint;
  readonly cut: bigint;
  readonly period: bigint;
}

export function provision(model: Model, { provider, service, tokens, cut, period }: Provisioning): Outcome {
  const account = model.accounts[provider];
  if (account.provisions.has(service)) {
    return 'ProvisionExists';
  }
  if (tokens > idle(account)) {
    return 'InsufficientIdleStake';
  }
  const empty = { thawing: 0n, shares: 0n, nonce: 0n, requests: [] };
  account.provisions.set(service, { tokens, cut, period, ...empty });
  return undefined;
}

export function addToProvision(model: Model, provider: Provider, service: Service, tokens: bigint): Outcome {
  const account = model.accounts[provider];
  const held = account.provisions.get(service);
  if (held === undefined) {
    return 'NoProvision';
  }
  if (tokens > idle(account)) {
    return 'InsufficientIdleStake';
  }
  held.tokens += tokens;
  return undefined;
}

export function thaw(model: Model, provider: Provider, service: Service, tokens: bigint): Outcome {
  const account = model.accounts[provider];
  const free = available(account, service);
  const held = account.provisions.get(service);
  if (held === undefined || tokens > free) {
    return 'InsufficientProvision';
  }
  if (service === 'registry' && free - tokens < required(account)) {
    return 'StakeRequired';
  }
  return openRequest(model, held, tokens);
}

function openRequest(model: Model, held: ModelProvision, tokens: bigint): Outcome {
  if (held.requests.length >= MAX_REQUESTS) {
    return 'TooManyThawRequests';
  }
  const shares = held.thawing === 0n ? tokens : (held.shares * tokens + held.thawing - 1n) / held.thawing;
  held.shares += shares;
  held.thawing += tokens;
  held.requests.push({ shares, until: model.now + held.period, nonce: held.nonce });
  return undefined;
}

export function deprovision(model: Model, provider: Provider, service: Service, count: bigint): Outcome {
  const held = model.accounts[provider].provisions.get(service);
  let taken = 0n;
  while (held !== undefined && (count === 0n || taken < count)) {
    const [oldest] = held.requests;
    if (oldest === undefined || (oldest.nonce === held.nonce && model.now < oldest.until)) {
      break;
    }
    if (oldest.nonce === held.nonce) {
      const tokens = (oldest.shares * held.thawing) / held.shares;
      held.shares -= oldest.shares;
      held.thawing -= tokens;
      held.tokens -= tokens;
    }
    held.requests.shift();
    taken += 1n;
  }
  return taken === 0n ? 'NothingThawed' : undefined;
}

export interface Slash {
  readonly provider: Provider;
  readonly service: Service;
  readonly tokens: bigint;
  readonly reward: bigint;
}

export function slash(model: Model, { provider, service, tokens, reward }: Slash): Outcome {
  const account = model.accounts[provider];
  const held = account.provisions.get(service);
  if (held === undefined || held.tokens === 0n) {
    return 'NothingToSlash';
  }
  const slashed = tokens < held.tokens ? tokens : held.tokens;
  if (reward > (slashed * held.cut) / 1_000_000n) {
    return 'RewardTooHigh';
  }
  held.thawing = (held.thawing * (held.tokens - slashed)) / held.tokens;
  held.tokens -= slashed;
  if (held.thawing === 0n && held.shares > 0n) {
    held.shares = 0n;
    held.nonce += 1n;
  }
  account.staked -= slashed;
  account.slashed += slashed;
  model.bounties += reward;
  model.burned += slashed - reward;
  return undefined;
}

export function register(model: Model, provider: Provider, id: string, milliUnits: bigint): Outcome {
  const account = model.accounts[provider];
  if (account.miners.has(id)) {
    return 'MinerExists';
  }
  account.miners.set(id, milliUnits);
  if (available(account, 'registry') < required(account)) {
    account.miners.delete(id);
    return 'InsufficientStake';
  }
  return undefined;
}

export function deregister(model: Model, provider: Provider, id: string): Outcome {
  return model.accounts[provider].miners.delete(id) ? undefined : 'NoMiner';
}

export function deregisterAndThaw(model: Model, provider: Provider, id: string): Outcome {
  const account = model.accounts[provider];
  const milliUnits = account.miners.get(id);
  if (milliUnits === undefined) {
    return 'NoMiner';
  }
  const before = required(account);
  account.miners.delete(id);
  const tokens = freed(account, before);
  const held = account.provisions.get('registry');
  const outcome = tokens === 0n || held === undefined ? undefined : openRequest(model, held, tokens);
  if (outcome !== undefined) {
    account.miners.set(id, milliUnits);
  }
  return outcome;
}

function freed(account: ModelAccount, before: bigint): bigint {
  const left = required(account);
  const free = available(account, 'registry') - left;
  return free < 0n ? 0n : free < before - left ? free : before - left;
}

export function eject(model: Model, provider: Provider, id: string): Outcome {
  const account = model.accounts[provider];
  return available(account, 'registry') >= required(account)
    ? 'StakeSufficient'
    : deregister(model, provider, id);
}
