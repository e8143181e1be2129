import type { ReasonText } from './reason-text.ts';

/** Reasons of StakingNetworks. */
export const stakingNetworkReasons = {
  NetworkReady: {
    kinds: ['StakingNetwork'],
    where: ['condition', 'event'],
    meaning: 'The network can be used: its contracts are read, and its latest block is young enough.',
    remedy: '',
  },
  NetworkConnecting: {
    kinds: ['StakingNetwork'],
    where: ['condition'],
    meaning: 'The network is being looked at for the first time.',
    remedy: '',
  },
  EndpointAnswers: {
    kinds: ['StakingNetwork'],
    where: ['condition'],
    meaning: 'At least one endpoint answers.',
    remedy: '',
  },
  EndpointsUnreachable: {
    kinds: ['StakingNetwork'],
    where: ['condition', 'event'],
    meaning:
      'No endpoint of the network answers as a node does. Nothing is read and nothing new is sent until one does; what was read last stays to be seen.',
    remedy:
      'Read the message, and status.endpoints. 401 or 403: renew the URL or the token in the Secret. 429: use an endpoint that allows more, or raise spec.pollSeconds. What is no JSON: correct the URL. Else see whether the node runs and can be reached from here.',
  },
  NetworkSecretMissing: {
    kinds: ['StakingNetwork'],
    where: ['condition', 'event'],
    meaning:
      'A Secret that spec.endpoints names is not there, or lacks the key, and no other endpoint is known.',
    remedy:
      'Create the Secret in the namespace in which Headframe runs, with the key that the message names.',
  },
  NetworkSecretUnreadable: {
    kinds: ['StakingNetwork'],
    where: ['condition', 'event'],
    meaning: 'Headframe could not read a Secret that spec.endpoints names, and no other endpoint is known.',
    remedy:
      'Read the message. 403: allow the operator to get the Secret; with the chart, rbac.kubeconfigSecrets must name it or be empty.',
  },
  NetworkSecretInvalid: {
    kinds: ['StakingNetwork'],
    where: ['condition', 'event'],
    meaning:
      'What a Secret of spec.endpoints holds is no URL or no token, or a token would be sent over plain HTTP, and no other endpoint is known.',
    remedy:
      'Put one URL that begins with http:// or https://, or one token, under the key that the message names. Where a token is sent the URL must begin with https://.',
  },
  ChainMatches: {
    kinds: ['StakingNetwork'],
    where: ['condition'],
    meaning: 'No endpoint serves another chain than that of spec.chainId.',
    remedy: '',
  },
  WrongChain: {
    kinds: ['StakingNetwork'],
    where: ['condition', 'event'],
    meaning:
      'An endpoint serves another chain than spec.chainId says, and is not used. If all do, the network is not ready.',
    remedy:
      'Correct the URL of the endpoint that the message names. spec.chainId cannot change: if it is wrong, make another StakingNetwork.',
  },
  ContractsRead: {
    kinds: ['StakingNetwork'],
    where: ['condition'],
    meaning: 'The contracts are what the spec says, and are read.',
    remedy: '',
  },
  WrongContracts: {
    kinds: ['StakingNetwork'],
    where: ['condition', 'event'],
    meaning: 'At an address of spec.protocol there is no contract, or not the one that belongs there.',
    remedy:
      'Compare the address that the message names with those that the network publishes for this chain.',
  },
  ProtocolReadFailed: {
    kinds: ['StakingNetwork'],
    where: ['condition', 'event'],
    meaning: 'The endpoints answer, but the contracts could not be read.',
    remedy:
      'Read the message. If it is about Multicall3, correct spec.multicall3 or deploy it. Else try another endpoint: this one may refuse calls of this size.',
  },
  ContractsPaused: {
    kinds: ['StakingNetwork'],
    where: ['condition', 'event'],
    meaning:
      'The guardian of the network has paused contracts. Accounts are still read; calls that the contracts refuse are not sent.',
    remedy: 'Wait until the network ends the pause; it says why there is one.',
  },
  HeadIsYoung: {
    kinds: ['StakingNetwork'],
    where: ['condition'],
    meaning: 'The latest block is younger than spec.maxHeadAgeSeconds.',
    remedy: '',
  },
  HeadTooOld: {
    kinds: ['StakingNetwork'],
    where: ['condition', 'event'],
    meaning:
      'The latest block that the endpoints know is older than spec.maxHeadAgeSeconds. Nothing new is sent: what is read may be long past.',
    remedy:
      'See whether the nodes are in sync, whether the chain stands still, and whether the clocks here are right. If the chain has longer gaps, raise spec.maxHeadAgeSeconds.',
  },
  FeesInvalid: {
    kinds: ['StakingNetwork'],
    where: ['condition', 'event'],
    meaning: 'spec.fees has an amount that no chain could hold.',
    remedy: 'Change the field that the message names.',
  },
  SlashesRead: {
    kinds: ['StakingNetwork'],
    where: ['condition'],
    meaning: 'The logs of the contracts are looked through for slashes, block by block as they become final.',
    remedy: '',
  },
  SlashesUnreadable: {
    kinds: ['StakingNetwork'],
    where: ['condition'],
    meaning:
      'The logs of the contracts cannot be read, so that slashes are not told. What they take is seen in the stake all the same, and none is forgotten: the scan goes on where it stands.',
    remedy:
      'Read the message. Name an endpoint in spec.endpoints that answers eth_getLogs for the blocks that the message names. If a final block is no part of the chain any more, take the endpoint out that serves another chain; where the chain itself was reset, delete the StakingNetwork and create it again.',
  },
  PricesRead: {
    kinds: ['StakingNetwork'],
    where: ['condition'],
    meaning: 'No look at a price has failed since it was read last.',
    remedy: '',
  },
  PriceUnreadable: {
    kinds: ['StakingNetwork'],
    where: ['condition'],
    meaning:
      'A server of spec.prices does not answer, not as it should, or with a price that is far off the last one. The last price stands until it is stale.',
    remedy: 'Read the message, and look at that server. Headframe asks every minute.',
  },
} as const satisfies Record<string, ReasonText>;
