import { ZeroHash, keccak256 } from 'ethers';
import { epochRewards } from '../../contracts/generated/epoch-rewards.ts';
import { minerRegistry } from '../../contracts/generated/miner-registry.ts';
import { stakeManager } from '../../contracts/generated/stake-manager.ts';
import { DEREGISTRATION } from '../protocol.ts';
import type { Epoch, Miner, Move, StakeTerms } from '../protocol.ts';
import type { HeadframeAddresses } from './addresses.ts';
import { erc20 } from './erc20.ts';

const stake = stakeManager.writes;
const registry = minerRegistry.writes;

/** A duty is to be done when this part of its epoch is left at the latest: time for a replacement to be mined. */
const RESERVE = 10;

/** The calls of one account, which is its own provider. Amounts in the smallest unit of the token. */
export interface Moves {
  checkIn(epoch: Epoch): Move;
  /** @param ids in an order that is always the same */
  deregister(ids: readonly string[]): Move;
  /** All that are due. @param oldestDueAt of the oldest request, milliseconds since 1970 */
  deprovision(oldestDueAt: number): Move;
  /** @param staked what is staked so far, whatever it stands behind */
  approve(tokens: bigint, staked: bigint): Move;
  stake(tokens: bigint, staked: bigint): Move;
  stakeToProvision(tokens: bigint, staked: bigint): Move;
  /** The first time that stake goes behind miners. */
  provision(tokens: bigint, terms: StakeTerms): Move;
  addToProvision(tokens: bigint, provisioned: bigint): Move;
  stageTerms(terms: StakeTerms): Move;
  acceptTerms(terms: StakeTerms): Move;
  /** @param miners in an order that is always the same */
  register(miners: readonly Miner[]): Move;
  thaw(tokens: bigint, provisioned: bigint): Move;
  unstake(tokens: bigint, idle: bigint): Move;
}

/**
 * @param at where the contracts are
 * @param account address of the account
 */
export function movesOf(at: HeadframeAddresses, account: string): Moves {
  const { minerRegistry: service, stakeManager: manager, token } = at;
  const managed = (kind: string, key: string, data: string): Move => ({ kind, key, to: manager, data });
  const booked = (kind: string, key: string, data: string): Move => ({ kind, key, to: service, data });
  return {
    checkIn: (epoch) => ({
      kind: 'CheckIn',
      key: `epoch ${epoch.number}`,
      to: at.epochRewards ?? '',
      data: epochRewards.writes.checkIn.encode(account, BigInt(epoch.number)),
      duty: {
        availableAt: epoch.startsAt,
        dueAt: epoch.endsAt - Math.floor((epoch.endsAt - epoch.startsAt) / RESERVE),
        endsAt: epoch.endsAt,
      },
    }),
    deregister(ids) {
      const data = registry.deregisterMany.encode(account, ids);
      return booked(DEREGISTRATION, batchKey(ids, data), data);
    },
    // Whatever else is due when it is mined comes out with it, so the oldest alone says which it is.
    deprovision: (oldestDueAt) =>
      managed('Deprovision', `due at ${oldestDueAt / 1000}`, stake.deprovision.encode(account, service, 0n)),
    approve: (tokens, staked) => ({
      kind: 'Approve',
      key: `${tokens} on ${staked}`,
      to: token,
      data: erc20.writes.approve.encode(manager, tokens),
    }),
    stake: (tokens, staked) => managed('Stake', `${tokens} on ${staked}`, stake.stake.encode(tokens)),
    stakeToProvision: (tokens, staked) =>
      managed(
        'StakeToProvision',
        `${tokens} on ${staked}`,
        stake.stakeToProvision.encode(account, service, tokens),
      ),
    provision: (tokens, terms) =>
      managed(
        'Provision',
        `${tokens}, ${termsKey(terms)}`,
        stake.provision.encode(account, service, tokens, ...termsOf(terms)),
      ),
    addToProvision: (tokens, provisioned) =>
      managed(
        'AddToProvision',
        `${tokens} on ${provisioned}`,
        stake.addToProvision.encode(account, service, tokens),
      ),
    stageTerms: (terms) =>
      managed(
        'StageTerms',
        termsKey(terms),
        stake.setProvisionParameters.encode(account, service, ...termsOf(terms)),
      ),
    acceptTerms: (terms) =>
      booked('AcceptTerms', termsKey(terms), registry.acceptProvisionParameters.encode(account)),
    register(miners) {
      const data = registry.registerMany.encode(account, miners.map(newMiner));
      return booked(
        'RegisterMiners',
        batchKey(
          miners.map(({ id }) => id),
          data,
        ),
        data,
      );
    },
    thaw: (tokens, provisioned) =>
      managed('Thaw', `${tokens} of ${provisioned}`, stake.thaw.encode(account, service, tokens)),
    unstake: (tokens, idle) => managed('Unstake', `${tokens} of ${idle}`, stake.unstake.encode(tokens)),
  };
}

/** The operator reaches miners by their pods: nobody needs to find them by the chain. */
function newMiner({ id, milliUnits }: Miner): { id: string; endpointHash: string; milliUnits: bigint } {
  return { id, endpointHash: ZeroHash, milliUnits: BigInt(milliUnits) };
}

function termsOf({ maxVerifierCutPpm, thawingSeconds }: StakeTerms): [cut: bigint, period: bigint] {
  return [BigInt(maxVerifierCutPpm), BigInt(thawingSeconds)];
}

function termsKey({ maxVerifierCutPpm, thawingSeconds }: StakeTerms): string {
  return `${maxVerifierCutPpm} ppm, ${thawingSeconds} s`;
}

/** A batch is too long to be named in whole: its first, how many, and a hash of all. */
function batchKey([first = '', ...more]: readonly string[], data: string): string {
  return more.length === 0 ? first : `${first} and ${more.length} more, ${keccak256(data).slice(2, 18)}`;
}
