// Written by npm run generate:contracts from contracts/MinerRegistry.sol. Do not edit.
import { abiOf, contractConstructor, contractError, contractEvent, contractRead, contractWrite } from '../binding.ts';

export const minerRegistryAbi = [
  {"inputs":[{"internalType":"contract StakeManager","name":"stakeManager_","type":"address"},{"components":[{"internalType":"uint128","name":"stakePerUnit","type":"uint128"},{"internalType":"uint128","name":"stakePerMiner","type":"uint128"},{"internalType":"uint64","name":"minThawingPeriod","type":"uint64"},{"internalType":"uint32","name":"minVerifierCut","type":"uint32"}],"internalType":"struct MinerBook.Terms","name":"terms_","type":"tuple"},{"internalType":"address","name":"governor","type":"address"},{"internalType":"address","name":"guardian","type":"address"},{"internalType":"address","name":"slasher","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[],"name":"AccessControlBadConfirmation","type":"error"},
  {"inputs":[{"internalType":"address","name":"account","type":"address"},{"internalType":"bytes32","name":"neededRole","type":"bytes32"}],"name":"AccessControlUnauthorizedAccount","type":"error"},
  {"inputs":[],"name":"EnforcedPause","type":"error"},
  {"inputs":[],"name":"ExpectedPause","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"available","type":"uint256"},{"internalType":"uint256","name":"required","type":"uint256"}],"name":"InsufficientStake","type":"error"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"bytes32","name":"id","type":"bytes32"}],"name":"MinerExists","type":"error"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"bytes32","name":"id","type":"bytes32"}],"name":"NoMiner","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"address","name":"provider","type":"address"}],"name":"NotAuthorized","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"available","type":"uint256"},{"internalType":"uint256","name":"required","type":"uint256"}],"name":"StakeSufficient","type":"error"},
  {"inputs":[{"internalType":"uint32","name":"minVerifierCut","type":"uint32"},{"internalType":"uint64","name":"minThawingPeriod","type":"uint64"}],"name":"TermsImpossible","type":"error"},
  {"inputs":[{"internalType":"uint64","name":"period","type":"uint64"},{"internalType":"uint64","name":"min","type":"uint64"}],"name":"ThawingPeriodTooShort","type":"error"},
  {"inputs":[{"internalType":"uint32","name":"ppm","type":"uint32"},{"internalType":"uint32","name":"min","type":"uint32"}],"name":"VerifierCutTooLow","type":"error"},
  {"inputs":[],"name":"ZeroAddress","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"id","type":"bytes32"}],"name":"ZeroUnits","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"provider","type":"address"},{"indexed":true,"internalType":"bytes32","name":"id","type":"bytes32"},{"indexed":false,"internalType":"bytes32","name":"endpointHash","type":"bytes32"}],"name":"EndpointSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"provider","type":"address"},{"indexed":true,"internalType":"bytes32","name":"id","type":"bytes32"}],"name":"MinerDeregistered","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"provider","type":"address"},{"indexed":true,"internalType":"bytes32","name":"id","type":"bytes32"},{"indexed":false,"internalType":"address","name":"by","type":"address"}],"name":"MinerEjected","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"provider","type":"address"},{"indexed":true,"internalType":"bytes32","name":"id","type":"bytes32"},{"indexed":false,"internalType":"bytes32","name":"endpointHash","type":"bytes32"},{"indexed":false,"internalType":"uint32","name":"milliUnits","type":"uint32"}],"name":"MinerRegistered","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"address","name":"account","type":"address"}],"name":"Paused","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"provider","type":"address"},{"indexed":true,"internalType":"bytes32","name":"id","type":"bytes32"},{"indexed":true,"internalType":"bytes32","name":"reason","type":"bytes32"},{"indexed":false,"internalType":"uint256","name":"tokens","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"reward","type":"uint256"},{"indexed":false,"internalType":"address","name":"rewardTo","type":"address"}],"name":"ProviderSlashed","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"role","type":"bytes32"},{"indexed":true,"internalType":"bytes32","name":"previousAdminRole","type":"bytes32"},{"indexed":true,"internalType":"bytes32","name":"newAdminRole","type":"bytes32"}],"name":"RoleAdminChanged","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"role","type":"bytes32"},{"indexed":true,"internalType":"address","name":"account","type":"address"},{"indexed":true,"internalType":"address","name":"sender","type":"address"}],"name":"RoleGranted","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"role","type":"bytes32"},{"indexed":true,"internalType":"address","name":"account","type":"address"},{"indexed":true,"internalType":"address","name":"sender","type":"address"}],"name":"RoleRevoked","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"uint128","name":"stakePerUnit","type":"uint128"},{"indexed":false,"internalType":"uint128","name":"stakePerMiner","type":"uint128"},{"indexed":false,"internalType":"uint64","name":"minThawingPeriod","type":"uint64"},{"indexed":false,"internalType":"uint32","name":"minVerifierCut","type":"uint32"}],"name":"TermsSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"address","name":"account","type":"address"}],"name":"Unpaused","type":"event"},
  {"inputs":[],"name":"DEFAULT_ADMIN_ROLE","outputs":[{"internalType":"bytes32","name":"","type":"bytes32"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"GUARDIAN_ROLE","outputs":[{"internalType":"bytes32","name":"","type":"bytes32"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"SLASHER_ROLE","outputs":[{"internalType":"bytes32","name":"","type":"bytes32"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"}],"name":"acceptProvisionParameters","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"}],"name":"coverOf","outputs":[{"internalType":"uint256","name":"available","type":"uint256"},{"internalType":"uint256","name":"required","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"bytes32","name":"id","type":"bytes32"}],"name":"deregister","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"bytes32","name":"id","type":"bytes32"}],"name":"deregisterAndThaw","outputs":[{"internalType":"uint256","name":"tokens","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"bytes32[]","name":"ids","type":"bytes32[]"}],"name":"deregisterMany","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"bytes32","name":"id","type":"bytes32"}],"name":"eject","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"role","type":"bytes32"}],"name":"getRoleAdmin","outputs":[{"internalType":"bytes32","name":"","type":"bytes32"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"role","type":"bytes32"},{"internalType":"address","name":"account","type":"address"}],"name":"grantRole","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"role","type":"bytes32"},{"internalType":"address","name":"account","type":"address"}],"name":"hasRole","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"bytes32","name":"id","type":"bytes32"}],"name":"minerOf","outputs":[{"components":[{"internalType":"bytes32","name":"id","type":"bytes32"},{"internalType":"bytes32","name":"endpointHash","type":"bytes32"},{"internalType":"uint32","name":"milliUnits","type":"uint32"},{"internalType":"uint64","name":"registeredAt","type":"uint64"}],"internalType":"struct MinerBook.Miner","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"uint256","name":"offset","type":"uint256"},{"internalType":"uint256","name":"limit","type":"uint256"}],"name":"minersOf","outputs":[{"components":[{"internalType":"bytes32","name":"id","type":"bytes32"},{"internalType":"bytes32","name":"endpointHash","type":"bytes32"},{"internalType":"uint32","name":"milliUnits","type":"uint32"},{"internalType":"uint64","name":"registeredAt","type":"uint64"}],"internalType":"struct MinerBook.Miner[]","name":"miners","type":"tuple[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"pause","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"paused","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"}],"name":"providerOf","outputs":[{"components":[{"internalType":"uint32","name":"miners","type":"uint32"},{"internalType":"uint64","name":"milliUnits","type":"uint64"},{"internalType":"uint256","name":"availableStake","type":"uint256"},{"internalType":"uint256","name":"requiredStake","type":"uint256"}],"internalType":"struct MinerBook.Provider","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"bytes32","name":"id","type":"bytes32"},{"internalType":"bytes32","name":"endpointHash","type":"bytes32"},{"internalType":"uint32","name":"milliUnits","type":"uint32"}],"name":"register","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"components":[{"internalType":"bytes32","name":"id","type":"bytes32"},{"internalType":"bytes32","name":"endpointHash","type":"bytes32"},{"internalType":"uint32","name":"milliUnits","type":"uint32"}],"internalType":"struct MinerRegistry.NewMiner[]","name":"miners","type":"tuple[]"}],"name":"registerMany","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"role","type":"bytes32"},{"internalType":"address","name":"callerConfirmation","type":"address"}],"name":"renounceRole","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"miners","type":"uint256"},{"internalType":"uint256","name":"milliUnits","type":"uint256"}],"name":"requiredFor","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"}],"name":"requiredStake","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"role","type":"bytes32"},{"internalType":"address","name":"account","type":"address"}],"name":"revokeRole","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"bytes32","name":"id","type":"bytes32"},{"internalType":"bytes32","name":"endpointHash","type":"bytes32"}],"name":"setEndpoint","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"components":[{"internalType":"uint128","name":"stakePerUnit","type":"uint128"},{"internalType":"uint128","name":"stakePerMiner","type":"uint128"},{"internalType":"uint64","name":"minThawingPeriod","type":"uint64"},{"internalType":"uint32","name":"minVerifierCut","type":"uint32"}],"internalType":"struct MinerBook.Terms","name":"terms_","type":"tuple"}],"name":"setTerms","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"bytes32","name":"id","type":"bytes32"},{"internalType":"uint256","name":"tokens","type":"uint256"},{"internalType":"uint256","name":"reward","type":"uint256"},{"internalType":"address","name":"rewardTo","type":"address"},{"internalType":"bytes32","name":"reason","type":"bytes32"}],"name":"slash","outputs":[{"internalType":"uint256","name":"slashed","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"stakeManager","outputs":[{"internalType":"contract StakeManager","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes4","name":"interfaceId","type":"bytes4"}],"name":"supportsInterface","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"terms","outputs":[{"components":[{"internalType":"uint128","name":"stakePerUnit","type":"uint128"},{"internalType":"uint128","name":"stakePerMiner","type":"uint128"},{"internalType":"uint64","name":"minThawingPeriod","type":"uint64"},{"internalType":"uint32","name":"minVerifierCut","type":"uint32"}],"internalType":"struct MinerBook.Terms","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"unpause","outputs":[],"stateMutability":"nonpayable","type":"function"},
] as const;

const abi = abiOf(minerRegistryAbi);

/** What miners need. Set by the governor. */
export interface Terms {
  /** for one V100 equivalent, in the smallest unit of the token */
  readonly stakePerUnit: bigint;
  /** for each miner besides, in the smallest unit of the token */
  readonly stakePerMiner: bigint;
  /** the shortest thawing period of a provision, in seconds: as long as a dispute may take */
  readonly minThawingPeriod: bigint;
  /** the smallest reward that a provision must allow, in parts per million of what is slashed */
  readonly minVerifierCut: bigint;
}

/** A miner. */
export interface Miner {
  /** the provider's own name for it */
  readonly id: string;
  /** hash of where it is reached */
  readonly endpointHash: string;
  /** its size in thousandths of a V100 */
  readonly milliUnits: bigint;
  /** seconds since 1970 */
  readonly registeredAt: bigint;
}

/** A provider at a glance. */
export interface Provider {
  /** how many it has */
  readonly miners: bigint;
  /** their size together, in thousandths of a V100 */
  readonly milliUnits: bigint;
  /** provisioned here and not thawing, in the smallest unit of the token */
  readonly availableStake: bigint;
  /** what its miners need, in the smallest unit of the token */
  readonly requiredStake: bigint;
}

/** What an endpoint and the units of a new miner are. */
export interface NewMiner {
  /** the provider's own name for it; another provider may use the same */
  readonly id: string;
  /** hash of where it is reached */
  readonly endpointHash: string;
  /** its size in thousandths of a V100 */
  readonly milliUnits: bigint;
}

/**
 * Miner registry
 * The service that miners work for. One provision of a provider carries all its miners:   required stake = miners x stakePerMiner + ceil(units x stakePerUnit / 1000) where units are thousandths of a V100 (one V100 is 1000, an H100 SXM some 7900). Provisioned stake that does not thaw must cover it when a miner is added, and a thaw must leave that much.
 */
export const minerRegistry = {
  name: 'MinerRegistry',
  create: contractConstructor<[stakeManager_: string, terms_: Terms, governor: string, guardian: string, slasher: string]>(abi),
  reads: {
    DEFAULT_ADMIN_ROLE: contractRead<[], string>(abi, 'DEFAULT_ADMIN_ROLE()'),
    /** May pause. */
    GUARDIAN_ROLE: contractRead<[], string>(abi, 'GUARDIAN_ROLE()'),
    /** May slash. */
    SLASHER_ROLE: contractRead<[], string>(abi, 'SLASHER_ROLE()'),
    /**
     * Stake that is provisioned here and does not thaw, and what the miners need, both in the smallest unit of the token.
     * @param provider whose
     */
    coverOf: contractRead<[provider: string], { readonly available: bigint; readonly required: bigint }>(abi, 'coverOf(address)'),
    getRoleAdmin: contractRead<[role: string], string>(abi, 'getRoleAdmin(bytes32)'),
    hasRole: contractRead<[role: string, account: string], boolean>(abi, 'hasRole(bytes32,address)'),
    /**
     * One miner; `registeredAt` is 0 when there is none.
     * @param provider whose miner
     * @param id its name
     */
    minerOf: contractRead<[provider: string, id: string], Miner>(abi, 'minerOf(address,bytes32)'),
    /**
     * The miners of a provider, in no particular order; deregistering changes it.
     * @param provider whose miners
     * @param offset how many to leave out
     * @param limit how many to return at most
     */
    minersOf: contractRead<[provider: string, offset: bigint, limit: bigint], readonly Miner[]>(abi, 'minersOf(address,uint256,uint256)'),
    paused: contractRead<[], boolean>(abi, 'paused()'),
    /**
     * A provider at a glance.
     * @param provider which
     */
    providerOf: contractRead<[provider: string], Provider>(abi, 'providerOf(address)'),
    /**
     * What a number of miners of a total size would need, in the smallest unit of the token.
     * @param miners how many
     * @param milliUnits their size together, in thousandths of a V100
     */
    requiredFor: contractRead<[miners: bigint, milliUnits: bigint], bigint>(abi, 'requiredFor(uint256,uint256)'),
    /**
     * What the miners of a provider need, in the smallest unit of the token.
     * @param provider whose miners
     */
    requiredStake: contractRead<[provider: string], bigint>(abi, 'requiredStake(address)'),
    /** Where the stake is. */
    stakeManager: contractRead<[], string>(abi, 'stakeManager()'),
    supportsInterface: contractRead<[interfaceId: string], boolean>(abi, 'supportsInterface(bytes4)'),
    /** What miners need. */
    terms: contractRead<[], Terms>(abi, 'terms()'),
  },
  writes: {
    /**
     * Puts the terms that a provider has staged for its provision in force, if they meet the registry's. Only the provider, or its operator here.
     * @param provider whose provision it is
     */
    acceptProvisionParameters: contractWrite<[provider: string], undefined>(abi, 'acceptProvisionParameters(address)'),
    /**
     * Takes a miner off; its stake stays provisioned, free for another miner or to thaw. Only the provider, or its operator here.
     * @param provider whose miner it is
     * @param id its name
     */
    deregister: contractWrite<[provider: string, id: string], undefined>(abi, 'deregister(address,bytes32)'),
    /**
     * Takes a miner off and starts to thaw the stake that this frees: as much of what it needed as the miners that are left do not need. Only the provider, or its operator here.
     * @param provider whose miner it is
     * @param id its name
     * @returns tokens that began to thaw, in the smallest unit of the token; 0 when a slash has eaten them
     */
    deregisterAndThaw: contractWrite<[provider: string, id: string], bigint>(abi, 'deregisterAndThaw(address,bytes32)'),
    /**
     * Takes several miners off, all or none. Only the provider, or its operator here.
     * @param provider whose miners they are
     * @param ids their names
     */
    deregisterMany: contractWrite<[provider: string, ids: readonly string[]], undefined>(abi, 'deregisterMany(address,bytes32[])'),
    /**
     * Takes off a miner of a provider whose stake no longer covers its miners, as after a slash. Open to everybody.
     * @param provider whose miner it is
     * @param id its name
     */
    eject: contractWrite<[provider: string, id: string], undefined>(abi, 'eject(address,bytes32)'),
    grantRole: contractWrite<[role: string, account: string], undefined>(abi, 'grantRole(bytes32,address)'),
    /** Stops every call that moves tokens or makes duties. Only the guardian. */
    pause: contractWrite<[], undefined>(abi, 'pause()'),
    /**
     * Adds a miner. Only the provider, or its operator here.
     * @param provider whose provision carries it
     * @param id the provider's own name for it
     * @param endpointHash hash of where it is reached
     * @param milliUnits its size in thousandths of a V100
     */
    register: contractWrite<[provider: string, id: string, endpointHash: string, milliUnits: bigint], undefined>(abi, 'register(address,bytes32,bytes32,uint32)'),
    /**
     * Adds several miners, all or none. Only the provider, or its operator here.
     * @param provider whose provision carries them
     * @param miners what they are
     */
    registerMany: contractWrite<[provider: string, miners: readonly NewMiner[]], undefined>(abi, 'registerMany(address,(bytes32,bytes32,uint32)[])'),
    renounceRole: contractWrite<[role: string, callerConfirmation: string], undefined>(abi, 'renounceRole(bytes32,address)'),
    revokeRole: contractWrite<[role: string, account: string], undefined>(abi, 'revokeRole(bytes32,address)'),
    /**
     * Says where a miner is reached from now on. Only the provider, or its operator here.
     * @param provider whose miner it is
     * @param id its name
     * @param endpointHash hash of where it is reached
     */
    setEndpoint: contractWrite<[provider: string, id: string, endpointHash: string], undefined>(abi, 'setEndpoint(address,bytes32,bytes32)'),
    /**
     * Changes what miners need. Providers that it leaves short can add no miner and thaw nothing until they have added stake, and their miners can be ejected: announce it. Only the governor.
     * @param terms_ from now on
     */
    setTerms: contractWrite<[terms_: Terms], undefined>(abi, 'setTerms((uint128,uint128,uint64,uint32))'),
    /**
     * Slashes a provider for what one of its miners did. Only the slasher.
     * @param provider whose provision is slashed
     * @param id the miner; it may have been deregistered since
     * @param tokens in the smallest unit of the token; what is there when it is more
     * @param reward how many of them are paid out; at most the provision's cut of them
     * @param rewardTo who gets the reward
     * @param reason what for: the hash of the evidence, or a short word
     * @returns slashed what was taken, in the smallest unit of the token
     */
    slash: contractWrite<[provider: string, id: string, tokens: bigint, reward: bigint, rewardTo: string, reason: string], bigint>(abi, 'slash(address,bytes32,uint256,uint256,address,bytes32)'),
    /** Ends a pause. Only the governor. */
    unpause: contractWrite<[], undefined>(abi, 'unpause()'),
  },
  events: {
    /** A miner is reached elsewhere. */
    EndpointSet: contractEvent<{ readonly provider: string; readonly id: string; readonly endpointHash: string }, 'provider' | 'id'>(abi, 'EndpointSet(address,bytes32,bytes32)'),
    /** A miner was taken off. */
    MinerDeregistered: contractEvent<{ readonly provider: string; readonly id: string }, 'provider' | 'id'>(abi, 'MinerDeregistered(address,bytes32)'),
    /** ... by somebody else, because the provider's stake did not cover its miners. */
    MinerEjected: contractEvent<{ readonly provider: string; readonly id: string; readonly by: string }, 'provider' | 'id'>(abi, 'MinerEjected(address,bytes32,address)'),
    /** A miner was added. */
    MinerRegistered: contractEvent<{ readonly provider: string; readonly id: string; readonly endpointHash: string; readonly milliUnits: bigint }, 'provider' | 'id'>(abi, 'MinerRegistered(address,bytes32,bytes32,uint32)'),
    Paused: contractEvent<{ readonly account: string }, never>(abi, 'Paused(address)'),
    /** A provider was slashed for what a miner of it did. */
    ProviderSlashed: contractEvent<{ readonly provider: string; readonly id: string; readonly reason: string; readonly tokens: bigint; readonly reward: bigint; readonly rewardTo: string }, 'provider' | 'id' | 'reason'>(abi, 'ProviderSlashed(address,bytes32,bytes32,uint256,uint256,address)'),
    RoleAdminChanged: contractEvent<{ readonly role: string; readonly previousAdminRole: string; readonly newAdminRole: string }, 'role' | 'previousAdminRole' | 'newAdminRole'>(abi, 'RoleAdminChanged(bytes32,bytes32,bytes32)'),
    RoleGranted: contractEvent<{ readonly role: string; readonly account: string; readonly sender: string }, 'role' | 'account' | 'sender'>(abi, 'RoleGranted(bytes32,address,address)'),
    RoleRevoked: contractEvent<{ readonly role: string; readonly account: string; readonly sender: string }, 'role' | 'account' | 'sender'>(abi, 'RoleRevoked(bytes32,address,address)'),
    /** The governor changed what miners need. */
    TermsSet: contractEvent<{ readonly stakePerUnit: bigint; readonly stakePerMiner: bigint; readonly minThawingPeriod: bigint; readonly minVerifierCut: bigint }, never>(abi, 'TermsSet(uint128,uint128,uint64,uint32)'),
    Unpaused: contractEvent<{ readonly account: string }, never>(abi, 'Unpaused(address)'),
  },
  errors: {
    AccessControlBadConfirmation: contractError<{}>(abi, 'AccessControlBadConfirmation()'),
    AccessControlUnauthorizedAccount: contractError<{ readonly account: string; readonly neededRole: string }>(abi, 'AccessControlUnauthorizedAccount(address,bytes32)'),
    EnforcedPause: contractError<{}>(abi, 'EnforcedPause()'),
    ExpectedPause: contractError<{}>(abi, 'ExpectedPause()'),
    /** Too little stake is provisioned, and not thawing, for the miners that there would be. */
    InsufficientStake: contractError<{ readonly available: bigint; readonly required: bigint }>(abi, 'InsufficientStake(uint256,uint256)'),
    /** The provider has a miner of this name. */
    MinerExists: contractError<{ readonly provider: string; readonly id: string }>(abi, 'MinerExists(address,bytes32)'),
    /** The provider has no miner of this name. */
    NoMiner: contractError<{ readonly provider: string; readonly id: string }>(abi, 'NoMiner(address,bytes32)'),
    /** The caller is neither the provider nor its operator here. */
    NotAuthorized: contractError<{ readonly caller: string; readonly provider: string }>(abi, 'NotAuthorized(address,address)'),
    /** The stake covers the miners: nobody may eject one. */
    StakeSufficient: contractError<{ readonly available: bigint; readonly required: bigint }>(abi, 'StakeSufficient(uint256,uint256)'),
    /** No provision could meet such terms: the cut is more than all, or the period longer than StakeManager allows. */
    TermsImpossible: contractError<{ readonly minVerifierCut: bigint; readonly minThawingPeriod: bigint }>(abi, 'TermsImpossible(uint32,uint64)'),
    /** The provision thaws faster than the registry allows. */
    ThawingPeriodTooShort: contractError<{ readonly period: bigint; readonly min: bigint }>(abi, 'ThawingPeriodTooShort(uint64,uint64)'),
    /** The provision lets less of a slashed amount be paid as a reward than the registry needs. */
    VerifierCutTooLow: contractError<{ readonly ppm: bigint; readonly min: bigint }>(abi, 'VerifierCutTooLow(uint32,uint32)'),
    /** An address that must not be zero is zero. */
    ZeroAddress: contractError<{}>(abi, 'ZeroAddress()'),
    /** A miner must have a size. */
    ZeroUnits: contractError<{ readonly id: string }>(abi, 'ZeroUnits(bytes32)'),
  },
} as const;
