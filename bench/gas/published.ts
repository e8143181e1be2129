/** A figure that somebody has published. */
export interface PublishedFigure {
  /** What was called there. */
  readonly call: string;
  /** Gas, as it was said. */
  readonly gas: string;
  readonly source: string;
}

/** Figures of what plays the same part elsewhere. */
export interface Published {
  readonly horizon?: PublishedFigure;
  /** The Graph's staking before Horizon, where nothing is published of Horizon itself. */
  readonly beforeHorizon?: PublishedFigure;
  readonly livepeer?: PublishedFigure;
}

const BOND: PublishedFigure = {
  call: 'bond',
  gas: 'about 200 000',
  source:
    'https://github.com/livepeer/livepeer-monorepo/pull/88 ("Most bond txns", 2018, Ethereum mainnet; one took over 400 000)',
};

const REWARD: PublishedFigure = {
  call: 'reward',
  gas: '350 000 to 450 000',
  source:
    'https://docs.livepeer.org/v2/orchestrators/guides/config-and-optimisation/reward-call-tuning ("Typical gas used", Arbitrum)',
};

const CLOSE_ALLOCATION: PublishedFigure = {
  call: 'closeAllocation',
  gas: '256 886 to 271 898',
  source: 'https://github.com/graphprotocol/contracts/pull/451 (2021, rewards sent to a destination)',
};

/**
 * By our name for the call. Looked for in graphprotocol/contracts and livepeer/protocol, which commit no gas reports (Livepeer has tests that
 * would print some, test/gas-report), in their issues and pull requests, and in their documentation. Of Horizon only savings are
 * published (graphprotocol/contracts pull request 1062), no totals. Nothing is estimated here.
 */
export const published: Readonly<Record<string, Published>> = {
  stake: { livepeer: BOND },
  checkIn: { livepeer: REWARD },
  claim: { beforeHorizon: CLOSE_ALLOCATION, livepeer: REWARD },
};
