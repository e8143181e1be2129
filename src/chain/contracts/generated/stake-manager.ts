// Written by npm run generate:contracts from contracts/StakeManager.sol. Do not edit.
import { abiOf, contractConstructor, contractError, contractEvent, contractRead, contractWrite } from '../binding.ts';

export const stakeManagerAbi = [
  {"inputs":[{"internalType":"contract ERC20Burnable","name":"token_","type":"address"},{"internalType":"uint64","name":"maxThawingPeriod_","type":"uint64"},{"internalType":"address","name":"governor","type":"address"},{"internalType":"address","name":"guardian","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[],"name":"AccessControlBadConfirmation","type":"error"},
  {"inputs":[{"internalType":"address","name":"account","type":"address"},{"internalType":"bytes32","name":"neededRole","type":"bytes32"}],"name":"AccessControlUnauthorizedAccount","type":"error"},
  {"inputs":[],"name":"EnforcedPause","type":"error"},
  {"inputs":[],"name":"ExpectedPause","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"idle","type":"uint256"},{"internalType":"uint256","name":"asked","type":"uint256"}],"name":"InsufficientIdleStake","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"available","type":"uint256"},{"internalType":"uint256","name":"asked","type":"uint256"}],"name":"InsufficientProvision","type":"error"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"address","name":"service","type":"address"}],"name":"NoProvision","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"address","name":"provider","type":"address"},{"internalType":"address","name":"service","type":"address"}],"name":"NotAuthorized","type":"error"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"address","name":"service","type":"address"}],"name":"NothingStaged","type":"error"},
  {"inputs":[{"internalType":"uint64","name":"dueAt","type":"uint64"}],"name":"NothingThawed","type":"error"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"address","name":"service","type":"address"}],"name":"NothingToSlash","type":"error"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"}],"name":"OperatorIsProvider","type":"error"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"address","name":"service","type":"address"}],"name":"ProvisionExists","type":"error"},
  {"inputs":[],"name":"ReentrancyGuardReentrantCall","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"reward","type":"uint256"},{"internalType":"uint256","name":"max","type":"uint256"}],"name":"RewardTooHigh","type":"error"},
  {"inputs":[{"internalType":"uint8","name":"bits","type":"uint8"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"SafeCastOverflowedUintDowncast","type":"error"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"}],"name":"SafeERC20FailedOperation","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"left","type":"uint256"},{"internalType":"uint256","name":"required","type":"uint256"}],"name":"StakeRequired","type":"error"},
  {"inputs":[{"internalType":"uint64","name":"period","type":"uint64"},{"internalType":"uint64","name":"max","type":"uint64"}],"name":"ThawingPeriodTooLong","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"open","type":"uint256"},{"internalType":"uint256","name":"max","type":"uint256"}],"name":"TooManyThawRequests","type":"error"},
  {"inputs":[{"internalType":"uint32","name":"ppm","type":"uint32"},{"internalType":"uint32","name":"max","type":"uint32"}],"name":"VerifierCutTooHigh","type":"error"},
  {"inputs":[],"name":"ZeroAddress","type":"error"},
  {"inputs":[],"name":"ZeroTokens","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"provider","type":"address"},{"indexed":true,"internalType":"address","name":"service","type":"address"},{"indexed":false,"internalType":"uint256","name":"tokens","type":"uint256"}],"name":"Deprovisioned","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"provider","type":"address"},{"indexed":true,"internalType":"address","name":"service","type":"address"},{"indexed":true,"internalType":"address","name":"operator","type":"address"},{"indexed":false,"internalType":"bool","name":"allowed","type":"bool"}],"name":"OperatorSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"address","name":"account","type":"address"}],"name":"Paused","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"provider","type":"address"},{"indexed":true,"internalType":"address","name":"service","type":"address"},{"indexed":false,"internalType":"uint256","name":"tokens","type":"uint256"}],"name":"ProvisionIncreased","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"provider","type":"address"},{"indexed":true,"internalType":"address","name":"service","type":"address"},{"indexed":false,"internalType":"uint32","name":"maxVerifierCut","type":"uint32"},{"indexed":false,"internalType":"uint64","name":"thawingPeriod","type":"uint64"}],"name":"ProvisionParametersSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"provider","type":"address"},{"indexed":true,"internalType":"address","name":"service","type":"address"},{"indexed":false,"internalType":"uint32","name":"maxVerifierCut","type":"uint32"},{"indexed":false,"internalType":"uint64","name":"thawingPeriod","type":"uint64"}],"name":"ProvisionParametersStaged","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"provider","type":"address"},{"indexed":true,"internalType":"address","name":"service","type":"address"},{"indexed":false,"internalType":"uint256","name":"tokens","type":"uint256"},{"indexed":false,"internalType":"uint32","name":"maxVerifierCut","type":"uint32"},{"indexed":false,"internalType":"uint64","name":"thawingPeriod","type":"uint64"}],"name":"Provisioned","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"role","type":"bytes32"},{"indexed":true,"internalType":"bytes32","name":"previousAdminRole","type":"bytes32"},{"indexed":true,"internalType":"bytes32","name":"newAdminRole","type":"bytes32"}],"name":"RoleAdminChanged","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"role","type":"bytes32"},{"indexed":true,"internalType":"address","name":"account","type":"address"},{"indexed":true,"internalType":"address","name":"sender","type":"address"}],"name":"RoleGranted","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"role","type":"bytes32"},{"indexed":true,"internalType":"address","name":"account","type":"address"},{"indexed":true,"internalType":"address","name":"sender","type":"address"}],"name":"RoleRevoked","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"provider","type":"address"},{"indexed":true,"internalType":"address","name":"service","type":"address"},{"indexed":false,"internalType":"uint256","name":"tokens","type":"uint256"},{"indexed":false,"internalType":"uint256","name":"reward","type":"uint256"},{"indexed":false,"internalType":"address","name":"rewardTo","type":"address"}],"name":"Slashed","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"provider","type":"address"},{"indexed":true,"internalType":"address","name":"from","type":"address"},{"indexed":false,"internalType":"uint256","name":"tokens","type":"uint256"}],"name":"Staked","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"provider","type":"address"},{"indexed":true,"internalType":"address","name":"service","type":"address"},{"indexed":false,"internalType":"uint64","name":"number","type":"uint64"},{"indexed":false,"internalType":"uint256","name":"tokens","type":"uint256"}],"name":"ThawRequestFulfilled","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"provider","type":"address"},{"indexed":true,"internalType":"address","name":"service","type":"address"},{"indexed":false,"internalType":"uint64","name":"number","type":"uint64"},{"indexed":false,"internalType":"uint256","name":"tokens","type":"uint256"},{"indexed":false,"internalType":"uint64","name":"thawingUntil","type":"uint64"}],"name":"Thawed","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"address","name":"account","type":"address"}],"name":"Unpaused","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"provider","type":"address"},{"indexed":false,"internalType":"uint256","name":"tokens","type":"uint256"}],"name":"Unstaked","type":"event"},
  {"inputs":[],"name":"DEFAULT_ADMIN_ROLE","outputs":[{"internalType":"bytes32","name":"","type":"bytes32"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"GUARDIAN_ROLE","outputs":[{"internalType":"bytes32","name":"","type":"bytes32"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"MAX_PPM","outputs":[{"internalType":"uint32","name":"","type":"uint32"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"MAX_THAW_REQUESTS","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"}],"name":"acceptProvisionParameters","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"address","name":"service","type":"address"},{"internalType":"uint256","name":"tokens","type":"uint256"}],"name":"addToProvision","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"address","name":"service","type":"address"}],"name":"availableStake","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"address","name":"service","type":"address"},{"internalType":"uint256","name":"count","type":"uint256"}],"name":"deprovision","outputs":[{"internalType":"uint256","name":"tokens","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"role","type":"bytes32"}],"name":"getRoleAdmin","outputs":[{"internalType":"bytes32","name":"","type":"bytes32"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"role","type":"bytes32"},{"internalType":"address","name":"account","type":"address"}],"name":"grantRole","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"role","type":"bytes32"},{"internalType":"address","name":"account","type":"address"}],"name":"hasRole","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"}],"name":"idleStake","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"address","name":"service","type":"address"},{"internalType":"address","name":"caller","type":"address"}],"name":"isAuthorized","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"maxThawingPeriod","outputs":[{"internalType":"uint64","name":"","type":"uint64"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"pause","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"paused","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"address","name":"service","type":"address"},{"internalType":"uint256","name":"tokens","type":"uint256"},{"internalType":"uint32","name":"maxVerifierCut","type":"uint32"},{"internalType":"uint64","name":"thawingPeriod","type":"uint64"}],"name":"provision","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"address","name":"service","type":"address"}],"name":"provisionOf","outputs":[{"components":[{"internalType":"uint128","name":"tokens","type":"uint128"},{"internalType":"uint128","name":"tokensThawing","type":"uint128"},{"internalType":"uint256","name":"sharesThawing","type":"uint256"},{"internalType":"uint64","name":"thawingPeriod","type":"uint64"},{"internalType":"uint64","name":"createdAt","type":"uint64"},{"internalType":"uint64","name":"thawingNonce","type":"uint64"},{"internalType":"uint32","name":"maxVerifierCut","type":"uint32"},{"internalType":"uint32","name":"maxVerifierCutPending","type":"uint32"},{"internalType":"uint64","name":"thawingPeriodPending","type":"uint64"},{"internalType":"uint64","name":"parametersStagedAt","type":"uint64"},{"internalType":"uint64","name":"firstRequest","type":"uint64"},{"internalType":"uint64","name":"nextRequest","type":"uint64"}],"internalType":"struct Provision","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"role","type":"bytes32"},{"internalType":"address","name":"callerConfirmation","type":"address"}],"name":"renounceRole","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"role","type":"bytes32"},{"internalType":"address","name":"account","type":"address"}],"name":"revokeRole","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"service","type":"address"},{"internalType":"address","name":"operator","type":"address"},{"internalType":"bool","name":"allowed","type":"bool"}],"name":"setOperator","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"address","name":"service","type":"address"},{"internalType":"uint32","name":"maxVerifierCut","type":"uint32"},{"internalType":"uint64","name":"thawingPeriod","type":"uint64"}],"name":"setProvisionParameters","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"uint256","name":"tokens","type":"uint256"},{"internalType":"uint256","name":"reward","type":"uint256"},{"internalType":"address","name":"rewardTo","type":"address"}],"name":"slash","outputs":[{"internalType":"uint256","name":"slashed","type":"uint256"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"tokens","type":"uint256"}],"name":"stake","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"}],"name":"stakeOf","outputs":[{"components":[{"internalType":"uint128","name":"tokensStaked","type":"uint128"},{"internalType":"uint128","name":"tokensProvisioned","type":"uint128"}],"internalType":"struct StakeLedger.Stake","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"uint256","name":"tokens","type":"uint256"}],"name":"stakeTo","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"address","name":"service","type":"address"},{"internalType":"uint256","name":"tokens","type":"uint256"}],"name":"stakeToProvision","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"bytes4","name":"interfaceId","type":"bytes4"}],"name":"supportsInterface","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"address","name":"service","type":"address"},{"internalType":"uint256","name":"tokens","type":"uint256"}],"name":"thaw","outputs":[{"internalType":"uint64","name":"number","type":"uint64"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"address","name":"service","type":"address"}],"name":"thawRequestsOf","outputs":[{"components":[{"internalType":"uint64","name":"number","type":"uint64"},{"internalType":"uint128","name":"tokens","type":"uint128"},{"internalType":"uint64","name":"thawingUntil","type":"uint64"},{"internalType":"bool","name":"void","type":"bool"}],"internalType":"struct StakeLedger.ThawRequestView[]","name":"requests","type":"tuple[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"token","outputs":[{"internalType":"contract ERC20Burnable","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"unpause","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"tokens","type":"uint256"}],"name":"unstake","outputs":[],"stateMutability":"nonpayable","type":"function"},
] as const;

const abi = abiOf(stakeManagerAbi);

/** Stake of one provider at one service. */
export interface Provision {
  /** all of it, thawing tokens included */
  readonly tokens: bigint;
  /** the part that is on its way out, and can still be slashed */
  readonly tokensThawing: bigint;
  /** shares in `tokensThawing` that the open thaw requests hold */
  readonly sharesThawing: bigint;
  /** how long a thaw takes, in seconds */
  readonly thawingPeriod: bigint;
  /** seconds since 1970; 0 when there is no provision */
  readonly createdAt: bigint;
  /** counts the slashes that left nothing thawing; requests of an older one are void */
  readonly thawingNonce: bigint;
  /** the most of a slashed amount that may be paid out as a reward, in parts per million */
  readonly maxVerifierCut: bigint;
  /** the same, staged, valid only while `parametersStagedAt` is not 0 */
  readonly maxVerifierCutPending: bigint;
  /** staged thawing period, in seconds */
  readonly thawingPeriodPending: bigint;
  /** seconds since 1970; 0 when nothing is staged */
  readonly parametersStagedAt: bigint;
  /** number of the oldest open thaw request */
  readonly firstRequest: bigint;
  /** number of the next thaw request; equal to `firstRequest` when none is open */
  readonly nextRequest: bigint;
}

/** Stake of one provider. */
export interface Stake {
  /** all of it */
  readonly tokensStaked: bigint;
  /** the part that stands at services; the rest is idle */
  readonly tokensProvisioned: bigint;
}

/** A thaw request as a reader wants it. */
export interface ThawRequestView {
  /** its number, counted up from 0 within the provision */
  readonly number: bigint;
  /** what it would yield now; slashes may make it less until it is taken out */
  readonly tokens: bigint;
  /** when it is due, seconds since 1970 */
  readonly thawingUntil: bigint;
  /** whether a slash has left nothing of it */
  readonly void: boolean;
}

/**
 * Stake manager
 * Holds the stake of providers, in the shape of The Graph Horizon: stake is idle, or provisioned to a service that may slash it, and leaves a provision only by thawing. stake -> provision -> thaw -> deprovision -> unstake. All amounts are in the smallest unit of the token, all times in seconds. The token must move exactly what it is told to (no fees on transfer) and be burnable.
 */
export const stakeManager = {
  name: 'StakeManager',
  create: contractConstructor<[token_: string, maxThawingPeriod_: bigint, governor: string, guardian: string]>(abi),
  reads: {
    DEFAULT_ADMIN_ROLE: contractRead<[], string>(abi, 'DEFAULT_ADMIN_ROLE()'),
    /** May pause. */
    GUARDIAN_ROLE: contractRead<[], string>(abi, 'GUARDIAN_ROLE()'),
    /** One million: all of an amount, in parts per million. */
    MAX_PPM: contractRead<[], bigint>(abi, 'MAX_PPM()'),
    /** The most thaw requests that may be open at once in one provision. */
    MAX_THAW_REQUESTS: contractRead<[], bigint>(abi, 'MAX_THAW_REQUESTS()'),
    /**
     * What counts for a service: provisioned tokens that do not thaw, in the smallest unit of the token.
     * @param provider whose provision it is
     * @param service where it stands
     */
    availableStake: contractRead<[provider: string, service: string], bigint>(abi, 'availableStake(address,address)'),
    getRoleAdmin: contractRead<[role: string], string>(abi, 'getRoleAdmin(bytes32)'),
    hasRole: contractRead<[role: string, account: string], boolean>(abi, 'hasRole(bytes32,address)'),
    /**
     * Stake that stands at no service, in the smallest unit of the token. Only it can be paid out.
     * @param provider whose stake it is
     */
    idleStake: contractRead<[provider: string], bigint>(abi, 'idleStake(address)'),
    /**
     * Whether `caller` may act for `provider` at `service`.
     * @param provider whose stake it is
     * @param service the service
     * @param caller the provider itself, or a key
     */
    isAuthorized: contractRead<[provider: string, service: string, caller: string], boolean>(abi, 'isAuthorized(address,address,address)'),
    /** The longest thawing period that a provision may have, in seconds. */
    maxThawingPeriod: contractRead<[], bigint>(abi, 'maxThawingPeriod()'),
    paused: contractRead<[], boolean>(abi, 'paused()'),
    /**
     * The provision of a provider at a service; all zero when there is none.
     * @param provider whose provision it is
     * @param service where it stands
     */
    provisionOf: contractRead<[provider: string, service: string], Provision>(abi, 'provisionOf(address,address)'),
    /**
     * All stake of a provider, and the part of it that stands at services.
     * @param provider whose stake it is
     */
    stakeOf: contractRead<[provider: string], Stake>(abi, 'stakeOf(address)'),
    supportsInterface: contractRead<[interfaceId: string], boolean>(abi, 'supportsInterface(bytes4)'),
    /**
     * The open thaw requests of a provision, the oldest first; at most MAX_THAW_REQUESTS.
     * @param provider whose provision it is
     * @param service where it stands
     */
    thawRequestsOf: contractRead<[provider: string, service: string], readonly ThawRequestView[]>(abi, 'thawRequestsOf(address,address)'),
    /** What is staked. */
    token: contractRead<[], string>(abi, 'token()'),
  },
  writes: {
    /**
     * Puts staged parameters in force. Only the service itself.
     * @param provider whose provision it is
     */
    acceptProvisionParameters: contractWrite<[provider: string], undefined>(abi, 'acceptProvisionParameters(address)'),
    /**
     * Puts idle stake into a provision that exists. Only the provider, or its operator at the service.
     * @param provider whose idle stake it is
     * @param service where the provision stands
     * @param tokens in the smallest unit of the token
     */
    addToProvision: contractWrite<[provider: string, service: string, tokens: bigint], undefined>(abi, 'addToProvision(address,address,uint256)'),
    /**
     * Makes tokens idle whose thaw requests are due, the oldest request first, up to the first that is not due. Only the provider, or its operator at the service.
     * @param provider whose provision it is
     * @param service where it stands
     * @param count how many requests at most; 0 for all
     * @returns tokens that became idle, in the smallest unit of the token
     */
    deprovision: contractWrite<[provider: string, service: string, count: bigint], bigint>(abi, 'deprovision(address,address,uint256)'),
    grantRole: contractWrite<[role: string, account: string], undefined>(abi, 'grantRole(bytes32,address)'),
    /** Stops every call that moves tokens or makes duties. Only the guardian. */
    pause: contractWrite<[], undefined>(abi, 'pause()'),
    /**
     * Makes a provision out of idle stake. From then on the service may slash it. Only the provider, or its operator at the service.
     * @param provider whose idle stake it is
     * @param service who may slash it
     * @param tokens in the smallest unit of the token
     * @param maxVerifierCut the most of a slashed amount that may be paid as a reward, in parts per million
     * @param thawingPeriod how long its tokens thaw, in seconds
     */
    provision: contractWrite<[provider: string, service: string, tokens: bigint, maxVerifierCut: bigint, thawingPeriod: bigint], undefined>(abi, 'provision(address,address,uint256,uint32,uint64)'),
    renounceRole: contractWrite<[role: string, callerConfirmation: string], undefined>(abi, 'renounceRole(bytes32,address)'),
    revokeRole: contractWrite<[role: string, account: string], undefined>(abi, 'revokeRole(bytes32,address)'),
    /**
     * Lets a key act for the caller at one service, or takes that back. Works during a pause: a lost key can be shut out at any time.
     * @param service the service, such as the MinerRegistry
     * @param operator the key
     * @param allowed whether it may act from now on
     */
    setOperator: contractWrite<[service: string, operator: string, allowed: boolean], undefined>(abi, 'setOperator(address,address,bool)'),
    /**
     * Stages new parameters; they replace any that wait. Only the provider, or its operator at the service.
     * @param provider whose provision it is
     * @param service where it stands
     * @param maxVerifierCut the most of a slashed amount that may be paid as a reward, in parts per million
     * @param thawingPeriod how long its tokens thaw, in seconds; requests that are open keep their date
     */
    setProvisionParameters: contractWrite<[provider: string, service: string, maxVerifierCut: bigint, thawingPeriod: bigint], undefined>(abi, 'setProvisionParameters(address,address,uint32,uint64)'),
    /**
     * Takes tokens from the caller's provision of `provider`, thawing ones in proportion. A part is paid as a reward, the rest is burned. Takes all there is when `tokens` is more. Only the service itself.
     * @param provider whose provision it is
     * @param tokens in the smallest unit of the token
     * @param reward how many of them are paid out; at most the provision's cut, rounded down
     * @param rewardTo who gets the reward
     * @returns slashed what was taken, in the smallest unit of the token
     */
    slash: contractWrite<[provider: string, tokens: bigint, reward: bigint, rewardTo: string], bigint>(abi, 'slash(address,uint256,uint256,address)'),
    /**
     * Adds to the caller's idle stake. The caller must have approved `tokens`.
     * @param tokens in the smallest unit of the token
     */
    stake: contractWrite<[tokens: bigint], undefined>(abi, 'stake(uint256)'),
    /**
     * Adds to the idle stake of `provider`, paid by the caller, who must have approved `tokens`. Open to everybody.
     * @param provider who is to own the stake
     * @param tokens in the smallest unit of the token
     */
    stakeTo: contractWrite<[provider: string, tokens: bigint], undefined>(abi, 'stakeTo(address,uint256)'),
    /**
     * stakeTo and addToProvision in one. Only the provider, or its operator at the service.
     * @param provider who is to own the stake
     * @param service where it is to stand
     * @param tokens in the smallest unit of the token, paid by the caller
     */
    stakeToProvision: contractWrite<[provider: string, service: string, tokens: bigint], undefined>(abi, 'stakeToProvision(address,address,uint256)'),
    /**
     * Starts to take tokens out of a provision. They can be slashed until they are taken out. Refused when less would be left than the service requires. Only the provider, its operator at the service, or the service itself.
     * @param provider whose provision it is
     * @param service where it stands
     * @param tokens in the smallest unit of the token
     * @returns number of the thaw request within the provision
     */
    thaw: contractWrite<[provider: string, service: string, tokens: bigint], bigint>(abi, 'thaw(address,address,uint256)'),
    /** Ends a pause. Only the governor. */
    unpause: contractWrite<[], undefined>(abi, 'unpause()'),
    /**
     * Pays idle stake out to the caller, whose stake it must be: no operator can.
     * @param tokens in the smallest unit of the token
     */
    unstake: contractWrite<[tokens: bigint], undefined>(abi, 'unstake(uint256)'),
  },
  events: {
    /** Thawed tokens became idle stake. */
    Deprovisioned: contractEvent<{ readonly provider: string; readonly service: string; readonly tokens: bigint }, 'provider' | 'service'>(abi, 'Deprovisioned(address,address,uint256)'),
    /** A provider allowed a key to act for it at a service, or took that back. */
    OperatorSet: contractEvent<{ readonly provider: string; readonly service: string; readonly operator: string; readonly allowed: boolean }, 'provider' | 'service' | 'operator'>(abi, 'OperatorSet(address,address,address,bool)'),
    Paused: contractEvent<{ readonly account: string }, never>(abi, 'Paused(address)'),
    /** Idle stake went into a provision. */
    ProvisionIncreased: contractEvent<{ readonly provider: string; readonly service: string; readonly tokens: bigint }, 'provider' | 'service'>(abi, 'ProvisionIncreased(address,address,uint256)'),
    /** The service accepted them. They hold for thaws from now on. */
    ProvisionParametersSet: contractEvent<{ readonly provider: string; readonly service: string; readonly maxVerifierCut: bigint; readonly thawingPeriod: bigint }, 'provider' | 'service'>(abi, 'ProvisionParametersSet(address,address,uint32,uint64)'),
    /** New parameters wait for the service to accept them. */
    ProvisionParametersStaged: contractEvent<{ readonly provider: string; readonly service: string; readonly maxVerifierCut: bigint; readonly thawingPeriod: bigint }, 'provider' | 'service'>(abi, 'ProvisionParametersStaged(address,address,uint32,uint64)'),
    /** A provision was made. */
    Provisioned: contractEvent<{ readonly provider: string; readonly service: string; readonly tokens: bigint; readonly maxVerifierCut: bigint; readonly thawingPeriod: bigint }, 'provider' | 'service'>(abi, 'Provisioned(address,address,uint256,uint32,uint64)'),
    RoleAdminChanged: contractEvent<{ readonly role: string; readonly previousAdminRole: string; readonly newAdminRole: string }, 'role' | 'previousAdminRole' | 'newAdminRole'>(abi, 'RoleAdminChanged(bytes32,bytes32,bytes32)'),
    RoleGranted: contractEvent<{ readonly role: string; readonly account: string; readonly sender: string }, 'role' | 'account' | 'sender'>(abi, 'RoleGranted(bytes32,address,address)'),
    RoleRevoked: contractEvent<{ readonly role: string; readonly account: string; readonly sender: string }, 'role' | 'account' | 'sender'>(abi, 'RoleRevoked(bytes32,address,address)'),
    /** A service took `tokens` of a provision: `reward` of them were paid to `rewardTo`, the rest was burned. */
    Slashed: contractEvent<{ readonly provider: string; readonly service: string; readonly tokens: bigint; readonly reward: bigint; readonly rewardTo: string }, 'provider' | 'service'>(abi, 'Slashed(address,address,uint256,uint256,address)'),
    /** Tokens came in as idle stake of `provider`. */
    Staked: contractEvent<{ readonly provider: string; readonly from: string; readonly tokens: bigint }, 'provider' | 'from'>(abi, 'Staked(address,address,uint256)'),
    /** A thaw request was taken out. `tokens` is 0 when a slash had left nothing of it. */
    ThawRequestFulfilled: contractEvent<{ readonly provider: string; readonly service: string; readonly number: bigint; readonly tokens: bigint }, 'provider' | 'service'>(abi, 'ThawRequestFulfilled(address,address,uint64,uint256)'),
    /** Tokens began to thaw. */
    Thawed: contractEvent<{ readonly provider: string; readonly service: string; readonly number: bigint; readonly tokens: bigint; readonly thawingUntil: bigint }, 'provider' | 'service'>(abi, 'Thawed(address,address,uint64,uint256,uint64)'),
    Unpaused: contractEvent<{ readonly account: string }, never>(abi, 'Unpaused(address)'),
    /** Idle stake was paid out to its provider. */
    Unstaked: contractEvent<{ readonly provider: string; readonly tokens: bigint }, 'provider'>(abi, 'Unstaked(address,uint256)'),
  },
  errors: {
    AccessControlBadConfirmation: contractError<{}>(abi, 'AccessControlBadConfirmation()'),
    AccessControlUnauthorizedAccount: contractError<{ readonly account: string; readonly neededRole: string }>(abi, 'AccessControlUnauthorizedAccount(address,bytes32)'),
    EnforcedPause: contractError<{}>(abi, 'EnforcedPause()'),
    ExpectedPause: contractError<{}>(abi, 'ExpectedPause()'),
    /** Less stake is idle than was asked for. */
    InsufficientIdleStake: contractError<{ readonly idle: bigint; readonly asked: bigint }>(abi, 'InsufficientIdleStake(uint256,uint256)'),
    /** Less is provisioned, and not thawing, than was asked for. */
    InsufficientProvision: contractError<{ readonly available: bigint; readonly asked: bigint }>(abi, 'InsufficientProvision(uint256,uint256)'),
    /** There is no such provision. */
    NoProvision: contractError<{ readonly provider: string; readonly service: string }>(abi, 'NoProvision(address,address)'),
    /** The caller is neither the provider nor one of its operators at the service. */
    NotAuthorized: contractError<{ readonly caller: string; readonly provider: string; readonly service: string }>(abi, 'NotAuthorized(address,address,address)'),
    /** No parameters wait to be accepted. */
    NothingStaged: contractError<{ readonly provider: string; readonly service: string }>(abi, 'NothingStaged(address,address)'),
    /** No thaw request is due. `dueAt` is when the oldest will be, in seconds since 1970; 0 when there is none. */
    NothingThawed: contractError<{ readonly dueAt: bigint }>(abi, 'NothingThawed(uint64)'),
    /** There is nothing to slash. */
    NothingToSlash: contractError<{ readonly provider: string; readonly service: string }>(abi, 'NothingToSlash(address,address)'),
    /** A provider needs no leave to act for itself. */
    OperatorIsProvider: contractError<{ readonly provider: string }>(abi, 'OperatorIsProvider(address)'),
    /** There is a provision already: add to it. */
    ProvisionExists: contractError<{ readonly provider: string; readonly service: string }>(abi, 'ProvisionExists(address,address)'),
    ReentrancyGuardReentrantCall: contractError<{}>(abi, 'ReentrancyGuardReentrantCall()'),
    /** The reward is more than the provision's cut of what is slashed. */
    RewardTooHigh: contractError<{ readonly reward: bigint; readonly max: bigint }>(abi, 'RewardTooHigh(uint256,uint256)'),
    SafeCastOverflowedUintDowncast: contractError<{ readonly bits: bigint; readonly value: bigint }>(abi, 'SafeCastOverflowedUintDowncast(uint8,uint256)'),
    SafeERC20FailedOperation: contractError<{ readonly token: string }>(abi, 'SafeERC20FailedOperation(address)'),
    /** The service needs more than the thaw would leave. */
    StakeRequired: contractError<{ readonly left: bigint; readonly required: bigint }>(abi, 'StakeRequired(uint256,uint256)'),
    /** A thawing period is longer than the contract allows. */
    ThawingPeriodTooLong: contractError<{ readonly period: bigint; readonly max: bigint }>(abi, 'ThawingPeriodTooLong(uint64,uint64)'),
    /** As many thaw requests are open as there may be. */
    TooManyThawRequests: contractError<{ readonly open: bigint; readonly max: bigint }>(abi, 'TooManyThawRequests(uint256,uint256)'),
    /** A cut is more than all. */
    VerifierCutTooHigh: contractError<{ readonly ppm: bigint; readonly max: bigint }>(abi, 'VerifierCutTooHigh(uint32,uint32)'),
    /** An address that must not be zero is zero. */
    ZeroAddress: contractError<{}>(abi, 'ZeroAddress()'),
    /** The amount is zero. */
    ZeroTokens: contractError<{}>(abi, 'ZeroTokens()'),
  },
} as const;
