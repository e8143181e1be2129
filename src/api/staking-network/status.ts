import * as z from 'zod';
import { address, hash, tokenAmount } from '../schema/chain-fields.ts';
import { PricesStatus } from './prices.ts';
import { conditions, observedGeneration } from '../schema/fields.ts';

const EndpointState = z.enum(['Up', 'Lagging', 'Paused', 'WrongChain', 'Unknown']);
export type EndpointState = z.infer<typeof EndpointState>;

const EndpointStatus = z.object({
  name: z.string().max(40).describe('The name of the endpoint in the spec.'),
  state: EndpointState.describe(
    'Up: it is used. Lagging: too many blocks behind another. Paused: it failed too often, and is tried again later. WrongChain: it serves another chain. Unknown: it has not answered, or did not answer when it was asked last.',
  ),
  message: z.string().max(512).describe('Why it is not up; empty when it is.'),
});

const Token = z.object({
  address: address().describe('The token’s contract.'),
  symbol: z.string().max(32).describe('What the contract calls it.'),
  decimals: z.int32().min(0).max(18).describe('How many digits its amounts have after the point.'),
});

const Terms = z.object({
  stakePerMiner: tokenAmount().describe('What a miner needs whatever its size, in the token.'),
  stakePerV100e: tokenAmount().describe('What a miner needs for each V100 equivalent, in the token.'),
  thawingSeconds: z.int().min(0).describe('How long stake thaws at least, in seconds.'),
});

const Epoch = z.object({
  number: z.int().min(0).describe('The number of the epoch.'),
  endTime: z.iso.datetime().describe('When it ends.'),
});

const ScannedBlock = z.object({
  number: z.int().min(0).describe('Its number.'),
  hash: hash().describe('Its hash.'),
});
export type ScannedBlock = z.infer<typeof ScannedBlock>;

/** What is observed of a network. What changes with every block is in the metrics. */
export const StakingNetworkStatus = z.object({
  endpoints: z
    .array(EndpointStatus)
    .max(8)
    .default([])
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] })
    .describe('How the endpoints are.'),
  token: Token.exactOptional().describe('What is staked.'),
  terms: Terms.exactOptional().describe('What miners need.'),
  epoch: Epoch.exactOptional().describe('The present epoch.'),
  scannedBlock: ScannedBlock.exactOptional().describe(
    'A final block up to which all slashes are looked for, and counted in the StakeAccounts that were there. An operator that starts goes on from it. It is written again when the scan is 2000 blocks further.',
  ),
  prices: PricesStatus.exactOptional().describe('What token and coin are worth.'),
  observedGeneration: observedGeneration(),
  conditions: conditions(
    'Ready (it can be used), Reachable (an endpoint answers), ChainIdMatches (the endpoints serve the chain of the spec), ContractsFound (the contracts are what the spec says), Synced (the latest block is young enough), PricesKnown (only with spec.prices: the last looks gave prices), SlashesKnown (slashes are looked for in the logs of the contracts), Reconciling and Stalled (only while true)',
  ),
});
export type StakingNetworkStatus = z.infer<typeof StakingNetworkStatus>;
