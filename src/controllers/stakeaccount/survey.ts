import { findCondition } from '../../api/conditions.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { keyOf } from '../../api/kube-object.ts';
import type { StakeAccount } from '../../api/stake-account.ts';
import { AmountError } from '../../chain/amounts/amount.ts';
import { type Entry, isLive } from '../../chain/engine/entry.ts';
import type { AccountState, Miner } from '../../chain/protocols/protocol.ts';
import type { GuardedSigner } from '../../chain/signing/guarded-signer.ts';
import { SigningError } from '../../chain/signing/signer.ts';
import type { ReconcileContext } from '../../controller/controller.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../time/clock.ts';
import type { StakeCaches } from '../caches.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Networks, UsableNetwork } from '../networks/network-view.ts';
import { asksOf, poolsOf } from './asks.ts';
import { checkFormerAmounts } from './former-amounts.ts';
import { drawWith, lingeringPools } from './grounds.ts';
import type { RewardBoard } from '../rewards/reward-board.ts';
import type { SlashBoard } from '../slashes/slash-board.ts';
import type { Lanes } from './lanes.ts';
import type { MinerBook } from './miner-book.ts';
import { rivalOf } from './rivals.ts';
import type { SignerLook, Signers } from './signers.ts';
import type { Obstacle, SeenAccount, Standing } from './standing.ts';
import { tagOf } from './tag.ts';
import { type Draw, type Worked, work } from './work.ts';

/** What an account is looked at with. */
export interface SurveyParts {
  readonly client: KubeClient;
  readonly caches: StakeCaches;
  readonly fleet: Fleet;
  readonly networks: Networks;
  readonly signers: Signers;
  readonly lanes: Lanes;
  readonly book: MinerBook;
  /** Absent: nobody looks at rewards. */
  readonly rewards?: RewardBoard;
  /** Absent: nobody looks for slashes. */
  readonly slashes?: Pick<SlashBoard, 'of' | 'begin'>;
  readonly clock: Clock;
  /** The whole operator signs and sends nothing. */
  readonly dryRun: boolean;
}

/**
 * Looks at an account, and does what its transactions ask for. An account at rest costs no call: what the look at its network has shown
 * of all accounts is enough to see that nothing is to be done.
 * @throws ApiError, RpcError, MulticallError
 */
export async function survey(
  account: Immutable<StakeAccount>,
  parts: SurveyParts,
  context: ReconcileContext,
): Promise<Standing> {
  const network = parts.networks.view(account.spec.networkRef.name);
  if (network.kind !== 'usable') {
    return { kind: 'unread', obstacle: networkObstacle(account, network) };
  }
  const state = parts.networks.stateOf(network.name, account.spec.address);
  if (state === undefined) {
    const message = 'the account is read at the next look at its network';
    return { kind: 'unread', obstacle: { reason: 'AccountUnread', message, isStalled: false } };
  }
  try {
    checkFormerAmounts(account.status, network.facts.token.decimals);
    return await surveyOn(account, { network, state }, parts, context);
  } catch (error) {
    if (error instanceof AmountError) {
      return {
        kind: 'unread',
        obstacle: { reason: 'AmountInvalid', message: error.message, isStalled: true },
      };
    }
    throw error;
  }
}

function networkObstacle(
  { spec }: Immutable<StakeAccount>,
  view: Exclude<ReturnType<Networks['view']>, UsableNetwork>,
): Obstacle {
  const { name } = spec.networkRef;
  switch (view.kind) {
    case 'missing':
      return {
        reason: 'NetworkMissing',
        message: `there is no StakingNetwork '${name}': create it, or make a StakeAccount that names another`,
        isStalled: true,
      };
    case 'connecting':
      return {
        reason: 'AccountUnread',
        message: `StakingNetwork '${name}' is being looked at`,
        isStalled: false,
      };
    case 'away':
      return {
        reason: 'NetworkNotUsable',
        message: `StakingNetwork '${name}' cannot be used (${view.reason}): ${view.message}`,
        isStalled: false,
      };
  }
}

interface OnNetwork {
  readonly network: UsableNetwork;
  /** As of the last look. */
  readonly state: AccountState;
}

async function surveyOn(
  account: Immutable<StakeAccount>,
  on: OnNetwork,
  parts: SurveyParts,
  context: ReconcileContext,
): Promise<SeenAccount> {
  const { network, state } = on;
  const setting = await settingOf(account, network, parts, context);
  const { base, entries, draw } = setting;
  const rewards = await parts.rewards?.look({ account, network }, context.signal);
  const isOpen = entries.some(isLive);
  if (isOpen) {
    // One miner may go as another comes: the figures of the account do not show it.
    parts.book.forget(account.metadata.uid);
  }
  const picture = draw(state, await minersOf(account, on, parts, context.signal), rewards);
  const signer = await signerFor(account, network, isOpen || picture.plan.moves.length > 0, parts);
  const maySend = signer?.kind === 'ready' && !isBarred(account, base) && picture.plan.moves.length > 0;
  if (!isOpen && !maySend) {
    return { ...base, ...picture, signer, entries, holds: [], foreign: undefined };
  }
  const job = {
    ...on,
    draw,
    signer: signer ?? { kind: 'none' },
    maySend: base.obstacle === undefined,
  } as const;
  const { picture: after, report } = await workOn(account, job, parts, context);
  parts.book.forget(account.metadata.uid);
  const { entries: now, holds, foreign } = report ?? { entries, holds: [], foreign: undefined };
  return { ...base, ...after, signer, entries: now, holds, foreign };
}

/** Whether nothing may be begun for the account. */
function isBarred({ spec }: Immutable<StakeAccount>, { obstacle, dryRun }: Setting['base']): boolean {
  return obstacle !== undefined || dryRun || spec.suspend;
}

/** The key is opened when there is something to sign, and once to see whether it can be. At rest nothing of it is kept. */
async function signerFor(
  account: Immutable<StakeAccount>,
  network: UsableNetwork,
  isNeeded: boolean,
  { signers }: SurveyParts,
): Promise<SignerLook | undefined> {
  const { metadata, spec, status } = account;
  const said = findCondition(status?.conditions, 'SignerReady');
  const isKnown = said?.status === 'True' && said.observedGeneration === metadata.generation;
  if (spec.mode !== 'Manage' || (isKnown && !isNeeded)) {
    signers.forget(metadata.uid);
    return undefined;
  }
  return signers.look(account, network);
}

/** What an account is seen with besides the chain. */
interface Setting {
  readonly base: Pick<
    SeenAccount,
    'kind' | 'network' | 'tag' | 'problems' | 'dryRun' | 'obstacle' | 'slashes'
  >;
  readonly entries: readonly Entry[];
  readonly draw: Draw;
}

async function settingOf(
  account: Immutable<StakeAccount>,
  network: UsableNetwork,
  parts: SurveyParts,
  context: ReconcileContext,
): Promise<Setting> {
  const { caches, lanes, clock, dryRun } = parts;
  const tag = await tagOf(account, () => parts.fleet.homeUid(context.log));
  const leaving = account.metadata.deletionTimestamp !== undefined;
  const { asks, problems } = asksOf(poolsOf(account, caches.pools.store.list()), network, leaving);
  const lingering = lingeringPools(account, asks, parts);
  // What was written a moment ago is among them, whether the watch has shown it or not.
  const entries = await lanes.outbox(account, Number(network.chainId)).known();
  const draw = drawWith({ account, network, asks, lingering, entries, tag, leaving, now: clock.now() });
  const obstacle = obstacleOf(account, parts);
  const slashes = parts.slashes?.of(network.name, account.spec.address);
  return { base: { kind: 'seen', network, tag, problems, dryRun, obstacle, slashes }, entries, draw };
}

async function minersOf(
  { metadata, spec }: Immutable<StakeAccount>,
  { network, state }: OnNetwork,
  { book }: SurveyParts,
  signal: AbortSignal,
): Promise<readonly Miner[]> {
  const known = book.miners(metadata.uid, state);
  if (known !== undefined) {
    return known;
  }
  const miners = await network.protocol.readMiners(await network.pool.reader({ signal }), spec.address);
  book.note(metadata.uid, state, miners);
  return miners;
}

function obstacleOf(account: Immutable<StakeAccount>, { caches }: SurveyParts): Obstacle | undefined {
  const rival = rivalOf(
    account,
    caches.accounts.store.list(),
    ({ spec }) => caches.networks.store.get(spec.networkRef.name)?.spec.chainId,
  );
  return rival === undefined
    ? undefined
    : {
        reason: 'KeyInUse',
        message: `StakeAccount ${keyOf(rival)}, which is older, manages ${account.spec.address} on the same chain: delete one of the two, or set its spec.mode to Observe`,
        isStalled: true,
      };
}

interface Job extends OnNetwork {
  readonly signer: SignerLook;
  readonly draw: Draw;
  /** Who may not begin anything still watches what is under way. */
  readonly maySend: boolean;
}

async function workOn(
  account: Immutable<StakeAccount>,
  { network, state, signer, draw, maySend }: Job,
  { lanes, book, rewards, clock, dryRun }: SurveyParts,
  { signal }: ReconcileContext,
): Promise<Worked> {
  const { uid } = account.metadata;
  return work({
    account,
    network,
    state,
    signer: signer.kind === 'ready' ? signer.signer : unable(account, signer),
    outbox: lanes.outbox(account, Number(network.chainId)),
    draw(drawn, miners, seen) {
      book.note(uid, drawn, miners);
      return draw(drawn, miners, seen);
    },
    minersIf: (drawn) => book.miners(uid, drawn),
    rewardsAt: async (reader) => rewards?.read({ account, network }, reader),
    now: () => clock.now(),
    dryRun: dryRun || !maySend,
    signal,
  });
}

/** What is under way is watched also while nothing can be signed. */
function unable(
  { spec }: Immutable<StakeAccount>,
  look: Exclude<SignerLook, { kind: 'ready' }>,
): GuardedSigner {
  const why = look.kind === 'problem' ? look.message : 'spec.signer is not set';
  return {
    address: spec.address,
    sign: () => Promise.reject(new SigningError('Unavailable', why)),
  };
}
