import { Interface, getAddress } from 'ethers';
import { epochRewardsAbi } from '../../contracts/generated/epoch-rewards.ts';
import { minerRegistryAbi } from '../../contracts/generated/miner-registry.ts';
import { stakeManagerAbi } from '../../contracts/generated/stake-manager.ts';
import { testTokenAbi } from '../../contracts/generated/test-token.ts';
import type { ChainReader } from '../../rpc/chain-reader.ts';
import type { StakingProtocol } from '../protocol.ts';
import { readAccounts } from './accounts.ts';
import { allowed } from './allowed.ts';
import { asker } from './ask.ts';
import type { Ask } from './ask.ts';
import { claim, readClaims, readPaid } from './claims.ts';
import { factsReader } from './facts.ts';
import { foresee } from './foresee.ts';
import { readMiners } from './miners.ts';
import { plan } from './plan.ts';
import { required } from './required.ts';
import { slashFilter, slashOf } from './slashes.ts';

/** Where a network of the reference contracts is. Addresses in any case of letters. */
export interface HeadframeOptions {
  readonly minerRegistry: string;
  /** Absent: there are no check-ins. */
  readonly epochRewards?: string | undefined;
  readonly multicall3: string;
}

/** 250 accounts: 14.3 million gas, measured, and 0.8 MB of call data, of the 50 million and 5 MB that geth takes. */
const QUESTIONS_PER_CALL = 7 * 250;

/**
 * The rules of the reference contracts (docs/guides/contracts.md). An account is its own provider. 1000 accounts cost four `eth_call`s,
 * and a few more when stake of them thaws; the facts cost one, and two more the first time.
 * @throws TypeError for what is no address
 */
export function headframeProtocol(options: HeadframeOptions): StakingProtocol {
  const registry = anyCase(options.minerRegistry);
  const epochRewards = options.epochRewards === undefined ? undefined : anyCase(options.epochRewards);
  const multicall3 = anyCase(options.multicall3);
  const readFacts = factsReader({ minerRegistry: registry, epochRewards });
  const ask = (reader: ChainReader): Ask => asker(reader, { multicall3, chunk: QUESTIONS_PER_CALL });
  return {
    readFacts: (reader) => readFacts(reader, ask(reader)),
    readAccounts: (reader, facts, addresses) => readAccounts(ask(reader), multicall3, facts, addresses),
    readMiners: (reader, address) => readMiners(ask(reader), registry, address),
    rewards: {
      readClaims: (reader, facts, address, claims) =>
        readClaims(ask(reader), { facts, address, timestamp: reader.block.timestamp }, claims),
      readPaid: (reader, facts, address, epochs) => readPaid(ask(reader), facts, address, epochs),
      claim,
    },
    slashes: { filter: slashFilter, read: slashOf },
    required,
    plan,
    foresee,
    allowed,
    abis: [minerRegistryAbi, stakeManagerAbi, epochRewardsAbi, testTokenAbi].map((abi) => new Interface(abi)),
  };
}

function anyCase(address: string): string {
  return getAddress(address.toLowerCase());
}
