import type { NetworkFacts } from '../protocol.ts';

/** Where the contracts of a network are. */
export interface HeadframeAddresses {
  readonly minerRegistry: string;
  readonly stakeManager: string;
  readonly token: string;
  /** Undefined: the network has no duties and no rewards. */
  readonly epochRewards: string | undefined;
}

/** The addresses as the facts name them: by contract. */
export function contractsRecord(at: HeadframeAddresses): Record<string, string> {
  const { minerRegistry, stakeManager, token, epochRewards } = at;
  return {
    MinerRegistry: minerRegistry,
    StakeManager: stakeManager,
    Token: token,
    ...(epochRewards === undefined ? {} : { EpochRewards: epochRewards }),
  };
}

/** @throws TypeError for facts of another protocol */
export function addressesOf({ contracts }: Pick<NetworkFacts, 'contracts'>): HeadframeAddresses {
  const { MinerRegistry: minerRegistry, StakeManager: stakeManager, Token: token } = contracts;
  if (minerRegistry === undefined || stakeManager === undefined || token === undefined) {
    throw new TypeError('these facts are of another protocol');
  }
  return { minerRegistry, stakeManager, token, epochRewards: contracts['EpochRewards'] };
}
