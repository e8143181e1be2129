import { type Statement, condition } from '../../api/conditions.ts';
import { type Immutable, keyOf } from '../../api/kube-object.ts';
import type { StakeAccount } from '../../api/stake-account.ts';
import type { StakingNetwork } from '../../api/staking-network.ts';
import type { ScannedBlock } from '../../api/staking-network/status.ts';
import { type ScanState, scanFrom, tip } from '../../chain/events/checkpoint.ts';
import type { EventSource } from '../../chain/events/event-source.ts';
import { finalSource } from '../../chain/events/final-source.ts';
import { FinalBlockLostError, scanStep } from '../../chain/events/scan.ts';
import { FIRST_RANGE } from '../../chain/events/scan-range.ts';
import type { Slash, SlashProtocol } from '../../chain/protocols/protocol.ts';
import { RpcError } from '../../chain/rpc/rpc-error.ts';
import type { Store } from '../../kube/store.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { Clock } from '../../time/clock.ts';
import { BY_NETWORK } from '../caches.ts';
import type { NetworkView, UsableNetwork } from '../networks/network-view.ts';
import type { SlashLook } from './slash-look.ts';

export interface SlashBoardParts {
  readonly accounts: Pick<Store<StakeAccount>, 'byIndex'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The slashes of all networks, as the logs of final blocks tell of them. One scan for each network, whatever accounts there are. */
export interface SlashBoard {
  /**
   * Goes on with the scan in the background when that is due.
   * @returns what the network's status is to say of where the scan stands: a restart goes on from there. It is no further than what
   * all accounts have counted. Undefined: nothing was scanned yet.
   */
  look(
    network: Immutable<StakingNetwork>,
    view: NetworkView,
    signal: AbortSignal,
  ): Immutable<ScannedBlock> | undefined;
  /** Whether logs can be read. Nothing where nobody has tried. */
  statements(network: Immutable<StakingNetwork>): readonly Statement[];
  /** Undefined while it is not known where to begin. @param address in any capitals */
  of(network: string, address: string): SlashLook | undefined;
  forget(network: string): void;
  /** @param wake told of accounts that were slashed, by their keys */
  begin(wake: (key: string) => void): void;
}

/** The logs are asked for at every fourth block: what a slash takes is seen in the stake at each, and a final block is late anyway. */
const BLOCKS_BETWEEN = 4;

/** At least so often, in milliseconds, however slow the chain is. */
const LONGEST_PERIOD_MS = 60_000;

/** So many attempts must fail in a row before it is said. */
const FAILURES_THAT_COUNT = 3;

interface Page {
  readonly uid: string | undefined;
  scan: ScanState | undefined;
  /** Where it began, unless that was written before. */
  began: ScannedBlock | undefined;
  /** Of accounts that are there, and may not have counted them. By block. */
  slashes: readonly Slash[];
  askedAtMs: number;
  /** Number of the latest block then. */
  askedAtBlock: number;
  isUnderWay: boolean;
  failures: number;
  problem: string | undefined;
  /** Whether it is written where the scan began: an account that begins to count there misses nothing after a restart. */
  isKept: boolean;
}

export function createSlashBoard({ accounts, clock, log }: SlashBoardParts): SlashBoard {
  const pages = new Map<string, Page>();
  let listener: (key: string) => void = () => undefined;

  function pageOf({ metadata, status }: Immutable<StakingNetwork>): Page {
    const known = pages.get(metadata.name);
    const isOther = known?.uid !== metadata.uid;
    const page = known === undefined || isOther ? emptyPage(metadata.uid, status?.scannedBlock) : known;
    pages.set(metadata.name, page);
    return page;
  }

  function accountsOf(network: string, address: string): readonly Immutable<StakeAccount>[] {
    return accounts
      .byIndex(BY_NETWORK, network)
      .filter(({ spec }) => spec.address.toLowerCase() === address.toLowerCase());
  }

  /** As far as the cache knows. */
  function isUncounted(network: string, { address, block }: Slash): boolean {
    return accountsOf(network, address).some(({ status }) => (status?.slashed?.throughBlock ?? -1) < block);
  }

  /** Accounts begin to count when it is written where the scan began. */
  function keep(page: Page, network: string): void {
    page.isKept = true;
    accounts
      .byIndex(BY_NETWORK, network)
      .filter(({ status }) => status?.slashed === undefined)
      .map(keyOf)
      .forEach((key) => listener(key));
  }

  function take(page: Page, network: string, slashes: readonly Slash[]): void {
    const ours = slashes.filter((slash) => isUncounted(network, slash));
    page.slashes = [...page.slashes, ...ours];
    ours
      .flatMap(({ address }) => accountsOf(network, address))
      .map(keyOf)
      .forEach((key) => listener(key));
  }

  /** As far as the chain is final, or a node answers. */
  async function scan(page: Page, network: UsableNetwork, signal: AbortSignal): Promise<void> {
    const { slashes } = network.protocol;
    for (let more = slashes !== undefined; more && slashes !== undefined && !signal.aborted;) {
      const source = await sourceOf(network, slashes, signal);
      page.scan ??= await beginning(page, source);
      if (page.scan === undefined) {
        return;
      }
      const step = await scanStep(source, page.scan);
      // A log that cannot be read holds the scan where it stands.
      const found = step.events.flatMap((event) => slashes.read(network.facts, event) ?? []);
      page.scan = step.state;
      take(page, network.name, found);
      ({ more } = step);
    }
  }

  function failed(page: Page, network: string, error: unknown): void {
    const isKnown = error instanceof FinalBlockLostError || error instanceof RpcError;
    if (!isKnown) {
      log.error('slashes could not be looked for', { network, error });
    }
    page.failures++;
    page.problem = isKnown ? error.message : 'the operator’s log says more';
  }

  function isDue({ askedAtMs, askedAtBlock }: Page, block: number): boolean {
    return block - askedAtBlock >= BLOCKS_BETWEEN || clock.monotonic() - askedAtMs >= LONGEST_PERIOD_MS;
  }

  function ask(page: Page, network: UsableNetwork, signal: AbortSignal): void {
    page.askedAtMs = clock.monotonic();
    page.askedAtBlock = network.block.number;
    page.isUnderWay = true;
    scan(page, network, signal)
      .then(
        () => {
          page.failures = 0;
          page.problem = undefined;
        },
        (error: unknown) => {
          if (!signal.aborted) {
            failed(page, network.name, error);
          }
        },
      )
      .finally(() => (page.isUnderWay = false));
  }

  return {
    look(network, view, signal) {
      const stored = network.status?.scannedBlock;
      if (view.kind !== 'usable' || view.protocol.slashes === undefined) {
        return stored;
      }
      const page = pageOf(network);
      page.slashes = page.slashes.filter((slash) => isUncounted(view.name, slash));
      if (!page.isKept && page.scan !== undefined && stored !== undefined) {
        keep(page, view.name);
      }
      if (!page.isUnderWay && isDue(page, view.block.number)) {
        ask(page, view, signal);
      }
      return checkpointOf(page, stored);
    },
    statements({ metadata }) {
      const { scan: state, failures, problem } = pages.get(metadata.name) ?? {};
      if (problem !== undefined && (failures ?? 0) >= FAILURES_THAT_COUNT) {
        const from = (state && tip(state)?.number) ?? 0;
        const message = `logs from block ${from} on cannot be read: ${problem}`;
        return [condition('SlashesKnown', false, 'SlashesUnreadable', message)];
      }
      return state === undefined ? [] : [condition('SlashesKnown', true, 'SlashesRead')];
    },
    of(network, address) {
      const { scan: state, slashes = [], isKept } = pages.get(network) ?? {};
      return state === undefined || isKept !== true
        ? undefined
        : { scannedTo: state.finalTo, slashes: slashes.filter((slash) => isOf(slash, address)) };
    },
    forget: (network) => void pages.delete(network),
    begin: (wake) => void (listener = wake),
  };
}

function emptyPage(uid: string | undefined, from: Immutable<ScannedBlock> | undefined): Page {
  return {
    uid,
    scan: from && scanFrom(from),
    began: undefined,
    slashes: [],
    askedAtMs: -Infinity,
    askedAtBlock: 0,
    isUnderWay: false,
    failures: 0,
    problem: undefined,
    isKept: false,
  };
}

async function sourceOf(
  { pool, facts, finality }: UsableNetwork,
  slashes: SlashProtocol,
  signal: AbortSignal,
): Promise<EventSource> {
  return finalSource(await pool.reader({ signal }), slashes.filter(facts), finality);
}

/** From the latest final block on. Undefined: there is none yet. */
async function beginning(page: Page, source: EventSource): Promise<ScanState | undefined> {
  const final = await source.blockAt('latest');
  page.began = final && { number: final.number, hash: final.hash };
  return page.began && scanFrom(page.began);
}

/** Where the scan stands, once that is news enough and nothing that it found can be lost. */
function checkpointOf(
  { scan, began, slashes }: Page,
  stored: Immutable<ScannedBlock> | undefined,
): Immutable<ScannedBlock> | undefined {
  const at = scan && tip(scan);
  if (stored === undefined) {
    return began;
  }
  const isNews = at !== undefined && at.number - stored.number >= FIRST_RANGE.blocks;
  return isNews && slashes.length === 0 ? { number: at.number, hash: at.hash } : stored;
}

function isOf(slash: Slash, address: string): boolean {
  return slash.address === address.toLowerCase();
}
