// Written by npm run generate:contracts from contracts/EpochRewards.sol. Do not edit.
import { abiOf, contractConstructor, contractError, contractEvent, contractRead, contractWrite } from '../binding.ts';

export const epochRewardsAbi = [
  {"inputs":[{"internalType":"contract MinerRegistry","name":"registry_","type":"address"},{"internalType":"uint64","name":"epochLength_","type":"uint64"},{"internalType":"uint64","name":"challengeDelay_","type":"uint64"},{"internalType":"address","name":"governor","type":"address"},{"internalType":"address","name":"guardian","type":"address"},{"internalType":"address","name":"poster","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[],"name":"AccessControlBadConfirmation","type":"error"},
  {"inputs":[{"internalType":"address","name":"account","type":"address"},{"internalType":"bytes32","name":"neededRole","type":"bytes32"}],"name":"AccessControlUnauthorizedAccount","type":"error"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"uint256","name":"epoch","type":"uint256"}],"name":"AlreadyCheckedIn","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"epoch","type":"uint256"},{"internalType":"address","name":"provider","type":"address"}],"name":"AlreadyClaimed","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"epoch","type":"uint256"},{"internalType":"uint64","name":"claimableAt","type":"uint64"}],"name":"ChallengeOver","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"epoch","type":"uint256"},{"internalType":"uint64","name":"claimableAt","type":"uint64"}],"name":"ChallengeRunning","type":"error"},
  {"inputs":[],"name":"EnforcedPause","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"epoch","type":"uint256"},{"internalType":"uint256","name":"current","type":"uint256"}],"name":"EpochNotOver","type":"error"},
  {"inputs":[],"name":"ExpectedPause","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"unreserved","type":"uint256"},{"internalType":"uint256","name":"total","type":"uint256"}],"name":"InsufficientFunds","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"epoch","type":"uint256"},{"internalType":"address","name":"provider","type":"address"},{"internalType":"uint256","name":"amount","type":"uint256"}],"name":"InvalidProof","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"epoch","type":"uint256"}],"name":"NoRoot","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"},{"internalType":"address","name":"provider","type":"address"}],"name":"NotAuthorized","type":"error"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"uint256","name":"miners","type":"uint256"},{"internalType":"uint256","name":"available","type":"uint256"},{"internalType":"uint256","name":"required","type":"uint256"}],"name":"NotEligible","type":"error"},
  {"inputs":[],"name":"ReentrancyGuardReentrantCall","type":"error"},
  {"inputs":[{"internalType":"address","name":"destination","type":"address"}],"name":"RestakeHasDestination","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"epoch","type":"uint256"}],"name":"RootExists","type":"error"},
  {"inputs":[{"internalType":"uint8","name":"bits","type":"uint8"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"SafeCastOverflowedUintDowncast","type":"error"},
  {"inputs":[{"internalType":"address","name":"token","type":"address"}],"name":"SafeERC20FailedOperation","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"epoch","type":"uint256"},{"internalType":"uint256","name":"left","type":"uint256"},{"internalType":"uint256","name":"amount","type":"uint256"}],"name":"TotalExceeded","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"epoch","type":"uint256"},{"internalType":"uint256","name":"current","type":"uint256"}],"name":"WrongEpoch","type":"error"},
  {"inputs":[],"name":"ZeroAddress","type":"error"},
  {"inputs":[],"name":"ZeroEpochLength","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"epoch","type":"uint256"}],"name":"ZeroRoot","type":"error"},
  {"inputs":[],"name":"ZeroTokens","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"provider","type":"address"},{"indexed":true,"internalType":"uint256","name":"epoch","type":"uint256"},{"indexed":false,"internalType":"address","name":"by","type":"address"}],"name":"CheckedIn","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"epoch","type":"uint256"},{"indexed":true,"internalType":"address","name":"provider","type":"address"},{"indexed":false,"internalType":"uint256","name":"amount","type":"uint256"}],"name":"Claimed","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"from","type":"address"},{"indexed":false,"internalType":"uint256","name":"tokens","type":"uint256"}],"name":"Funded","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"provider","type":"address"},{"indexed":true,"internalType":"address","name":"destination","type":"address"},{"indexed":false,"internalType":"uint256","name":"amount","type":"uint256"},{"indexed":false,"internalType":"bool","name":"restaked","type":"bool"}],"name":"Paid","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"address","name":"account","type":"address"}],"name":"Paused","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"provider","type":"address"},{"indexed":false,"internalType":"address","name":"destination","type":"address"},{"indexed":false,"internalType":"bool","name":"restake","type":"bool"}],"name":"PayoutSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"role","type":"bytes32"},{"indexed":true,"internalType":"bytes32","name":"previousAdminRole","type":"bytes32"},{"indexed":true,"internalType":"bytes32","name":"newAdminRole","type":"bytes32"}],"name":"RoleAdminChanged","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"role","type":"bytes32"},{"indexed":true,"internalType":"address","name":"account","type":"address"},{"indexed":true,"internalType":"address","name":"sender","type":"address"}],"name":"RoleGranted","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"role","type":"bytes32"},{"indexed":true,"internalType":"address","name":"account","type":"address"},{"indexed":true,"internalType":"address","name":"sender","type":"address"}],"name":"RoleRevoked","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"epoch","type":"uint256"},{"indexed":false,"internalType":"bytes32","name":"root","type":"bytes32"},{"indexed":false,"internalType":"uint256","name":"total","type":"uint256"},{"indexed":false,"internalType":"uint64","name":"claimableAt","type":"uint64"}],"name":"RootPosted","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"epoch","type":"uint256"},{"indexed":false,"internalType":"bytes32","name":"root","type":"bytes32"}],"name":"RootVetoed","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"address","name":"account","type":"address"}],"name":"Unpaused","type":"event"},
  {"inputs":[],"name":"DEFAULT_ADMIN_ROLE","outputs":[{"internalType":"bytes32","name":"","type":"bytes32"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"GUARDIAN_ROLE","outputs":[{"internalType":"bytes32","name":"","type":"bytes32"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"POSTER_ROLE","outputs":[{"internalType":"bytes32","name":"","type":"bytes32"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"challengeDelay","outputs":[{"internalType":"uint64","name":"","type":"uint64"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"uint256","name":"epoch","type":"uint256"}],"name":"checkIn","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"epoch","type":"uint256"}],"name":"checkInCount","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"uint256","name":"epoch","type":"uint256"}],"name":"checkedIn","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"uint256","name":"epoch","type":"uint256"},{"internalType":"uint256","name":"amount","type":"uint256"},{"internalType":"bytes32[]","name":"proof","type":"bytes32[]"}],"name":"claim","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"components":[{"internalType":"uint256","name":"epoch","type":"uint256"},{"internalType":"uint256","name":"amount","type":"uint256"},{"internalType":"bytes32[]","name":"proof","type":"bytes32[]"}],"internalType":"struct EpochRewards.Claim[]","name":"claims","type":"tuple[]"}],"name":"claimMany","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"},{"internalType":"uint256","name":"epoch","type":"uint256"}],"name":"claimed","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"currentEpoch","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"epochLength","outputs":[{"internalType":"uint64","name":"","type":"uint64"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"epoch","type":"uint256"}],"name":"epochStart","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"tokens","type":"uint256"}],"name":"fund","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"genesis","outputs":[{"internalType":"uint64","name":"","type":"uint64"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"role","type":"bytes32"}],"name":"getRoleAdmin","outputs":[{"internalType":"bytes32","name":"","type":"bytes32"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"role","type":"bytes32"},{"internalType":"address","name":"account","type":"address"}],"name":"grantRole","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"role","type":"bytes32"},{"internalType":"address","name":"account","type":"address"}],"name":"hasRole","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"pause","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"paused","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"provider","type":"address"}],"name":"payoutOf","outputs":[{"components":[{"internalType":"address","name":"destination","type":"address"},{"internalType":"bool","name":"restake","type":"bool"}],"internalType":"struct EpochRewards.Payout","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"epoch","type":"uint256"},{"internalType":"bytes32","name":"root","type":"bytes32"},{"internalType":"uint256","name":"total","type":"uint256"}],"name":"postRoot","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"registry","outputs":[{"internalType":"contract MinerRegistry","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"role","type":"bytes32"},{"internalType":"address","name":"callerConfirmation","type":"address"}],"name":"renounceRole","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"role","type":"bytes32"},{"internalType":"address","name":"account","type":"address"}],"name":"revokeRole","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"epoch","type":"uint256"}],"name":"rootOf","outputs":[{"components":[{"internalType":"bytes32","name":"root","type":"bytes32"},{"internalType":"uint128","name":"total","type":"uint128"},{"internalType":"uint128","name":"claimed","type":"uint128"},{"internalType":"uint64","name":"claimableAt","type":"uint64"}],"internalType":"struct EpochRewards.EpochRoot","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"destination","type":"address"},{"internalType":"bool","name":"restake","type":"bool"}],"name":"setPayout","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"bytes4","name":"interfaceId","type":"bytes4"}],"name":"supportsInterface","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"token","outputs":[{"internalType":"contract IERC20","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"unpause","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"unreserved","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"epoch","type":"uint256"}],"name":"veto","outputs":[],"stateMutability":"nonpayable","type":"function"},
] as const;

const abi = abiOf(epochRewardsAbi);

/** One claim of a batch. */
export interface Claim {
  /** of which epoch */
  readonly epoch: bigint;
  /** what the leaf says */
  readonly amount: bigint;
  /** from the leaf to the root */
  readonly proof: readonly string[];
}

/** Where a provider wants its rewards. */
export interface Payout {
  /** who gets them; 0: the provider itself */
  readonly destination: string;
  /** whether they become idle stake of the provider instead */
  readonly restake: boolean;
}

/** The rewards of an epoch. */
export interface EpochRoot {
  /** of the Merkle tree; 0 when none is posted */
  readonly root: string;
  /** of all claims */
  readonly total: bigint;
  /** what has been paid of it */
  readonly claimed: bigint;
  /** the end of the challenge delay, seconds since 1970 */
  readonly claimableAt: bigint;
}

/**
 * Epoch rewards
 * Pays providers what a Merkle root per epoch says. The poster posts it when the epoch is over; for the challenge delay the guardian may veto it; then everybody may have the claims of a provider paid, each once, to where the provider wants them. A root is covered by tokens that are here when it is posted. All amounts are in the smallest unit of the token. Leaves are keccak256(keccak256(abi.encode(uint256 epoch, address provider, uint256 amount))), pairs are hashed in order of size.
 */
export const epochRewards = {
  name: 'EpochRewards',
  create: contractConstructor<[registry_: string, epochLength_: bigint, challengeDelay_: bigint, governor: string, guardian: string, poster: string]>(abi),
  reads: {
    DEFAULT_ADMIN_ROLE: contractRead<[], string>(abi, 'DEFAULT_ADMIN_ROLE()'),
    /** May pause. */
    GUARDIAN_ROLE: contractRead<[], string>(abi, 'GUARDIAN_ROLE()'),
    /** May post roots. */
    POSTER_ROLE: contractRead<[], string>(abi, 'POSTER_ROLE()'),
    /** How long after it was posted a root may be vetoed and not be claimed from, in seconds. */
    challengeDelay: contractRead<[], bigint>(abi, 'challengeDelay()'),
    /** How many providers have checked in, by epoch. */
    checkInCount: contractRead<[epoch: bigint], bigint>(abi, 'checkInCount(uint256)'),
    /**
     * Whether a provider has checked in in an epoch.
     * @param provider whose duty
     * @param epoch which
     */
    checkedIn: contractRead<[provider: string, epoch: bigint], boolean>(abi, 'checkedIn(address,uint256)'),
    /**
     * Whether a provider has been paid for an epoch.
     * @param provider who
     * @param epoch which
     */
    claimed: contractRead<[provider: string, epoch: bigint], boolean>(abi, 'claimed(address,uint256)'),
    /** The epoch of the latest block. */
    currentEpoch: contractRead<[], bigint>(abi, 'currentEpoch()'),
    /** How long an epoch is, in seconds. */
    epochLength: contractRead<[], bigint>(abi, 'epochLength()'),
    /**
     * When an epoch begins, seconds since 1970. It ends when the next one begins.
     * @param epoch which
     */
    epochStart: contractRead<[epoch: bigint], bigint>(abi, 'epochStart(uint256)'),
    /** When epoch 0 began, seconds since 1970. */
    genesis: contractRead<[], bigint>(abi, 'genesis()'),
    getRoleAdmin: contractRead<[role: string], string>(abi, 'getRoleAdmin(bytes32)'),
    hasRole: contractRead<[role: string, account: string], boolean>(abi, 'hasRole(bytes32,address)'),
    paused: contractRead<[], boolean>(abi, 'paused()'),
    /**
     * Where a provider wants its rewards.
     * @param provider who
     */
    payoutOf: contractRead<[provider: string], Payout>(abi, 'payoutOf(address)'),
    /** Whose providers have the duty. */
    registry: contractRead<[], string>(abi, 'registry()'),
    /**
     * The rewards of an epoch; all zero when no root is posted.
     * @param epoch which
     */
    rootOf: contractRead<[epoch: bigint], EpochRoot>(abi, 'rootOf(uint256)'),
    supportsInterface: contractRead<[interfaceId: string], boolean>(abi, 'supportsInterface(bytes4)'),
    /** What rewards are paid in: what is staked. */
    token: contractRead<[], string>(abi, 'token()'),
    /** Tokens that are here and stand behind no root. */
    unreserved: contractRead<[], bigint>(abi, 'unreserved()'),
  },
  writes: {
    /**
     * Does the provider's duty of the epoch. It names the epoch, so that a transaction that comes too late does nothing rather than the duty of another one. Only the provider, or its operator at the registry.
     * @param provider whose duty it is; it must have miners, and stake that covers them
     * @param epoch the current one
     */
    checkIn: contractWrite<[provider: string, epoch: bigint], undefined>(abi, 'checkIn(address,uint256)'),
    /**
     * Pays a provider what it earned in an epoch, to where it wants it. Open to everybody.
     * @param provider who is paid
     * @param epoch for which epoch
     * @param amount what the leaf says, in the smallest unit of the token
     * @param proof from the leaf to the root
     */
    claim: contractWrite<[provider: string, epoch: bigint, amount: bigint, proof: readonly string[]], undefined>(abi, 'claim(address,uint256,uint256,bytes32[])'),
    /**
     * Pays a provider what it earned in several epochs, in one transfer; all claims or none. Open to everybody.
     * @param provider who is paid
     * @param claims one for each epoch
     */
    claimMany: contractWrite<[provider: string, claims: readonly Claim[]], undefined>(abi, 'claimMany(address,(uint256,uint256,bytes32[])[])'),
    /**
     * Brings in tokens for rewards, which the caller must have approved. Open to everybody; they do not go back.
     * @param tokens in the smallest unit of the token
     */
    fund: contractWrite<[tokens: bigint], undefined>(abi, 'fund(uint256)'),
    grantRole: contractWrite<[role: string, account: string], undefined>(abi, 'grantRole(bytes32,address)'),
    /** Stops every call that moves tokens or makes duties. Only the guardian. */
    pause: contractWrite<[], undefined>(abi, 'pause()'),
    /**
     * Posts the rewards of an epoch that is over. Only the poster.
     * @param epoch which
     * @param root of the Merkle tree of its claims
     * @param total of its claims, in the smallest unit of the token; what no claim takes of it stays here for good
     */
    postRoot: contractWrite<[epoch: bigint, root: string, total: bigint], undefined>(abi, 'postRoot(uint256,bytes32,uint256)'),
    renounceRole: contractWrite<[role: string, callerConfirmation: string], undefined>(abi, 'renounceRole(bytes32,address)'),
    revokeRole: contractWrite<[role: string, account: string], undefined>(abi, 'revokeRole(bytes32,address)'),
    /**
     * Says where the caller's rewards go from now on, those of past epochs too. Works during a pause.
     * @param destination who gets them; 0: the caller itself
     * @param restake whether they become idle stake of the caller instead; `destination` must be 0 then
     */
    setPayout: contractWrite<[destination: string, restake: boolean], undefined>(abi, 'setPayout(address,bool)'),
    /** Ends a pause. Only the governor. */
    unpause: contractWrite<[], undefined>(abi, 'unpause()'),
    /**
     * Takes a root back while its challenge delay runs, also during a pause. Only the guardian.
     * @param epoch of which epoch
     */
    veto: contractWrite<[epoch: bigint], undefined>(abi, 'veto(uint256)'),
  },
  events: {
    /** A provider did its duty of an epoch. */
    CheckedIn: contractEvent<{ readonly provider: string; readonly epoch: bigint; readonly by: string }, 'provider' | 'epoch'>(abi, 'CheckedIn(address,uint256,address)'),
    /** A claim was paid. */
    Claimed: contractEvent<{ readonly epoch: bigint; readonly provider: string; readonly amount: bigint }, 'epoch' | 'provider'>(abi, 'Claimed(uint256,address,uint256)'),
    /** Tokens came in for rewards. */
    Funded: contractEvent<{ readonly from: string; readonly tokens: bigint }, 'from'>(abi, 'Funded(address,uint256)'),
    /** What one call claimed for a provider went to `destination`; to its stake when `restaked`. */
    Paid: contractEvent<{ readonly provider: string; readonly destination: string; readonly amount: bigint; readonly restaked: boolean }, 'provider' | 'destination'>(abi, 'Paid(address,address,uint256,bool)'),
    Paused: contractEvent<{ readonly account: string }, never>(abi, 'Paused(address)'),
    /** A provider said where it wants its rewards. */
    PayoutSet: contractEvent<{ readonly provider: string; readonly destination: string; readonly restake: boolean }, 'provider'>(abi, 'PayoutSet(address,address,bool)'),
    RoleAdminChanged: contractEvent<{ readonly role: string; readonly previousAdminRole: string; readonly newAdminRole: string }, 'role' | 'previousAdminRole' | 'newAdminRole'>(abi, 'RoleAdminChanged(bytes32,bytes32,bytes32)'),
    RoleGranted: contractEvent<{ readonly role: string; readonly account: string; readonly sender: string }, 'role' | 'account' | 'sender'>(abi, 'RoleGranted(bytes32,address,address)'),
    RoleRevoked: contractEvent<{ readonly role: string; readonly account: string; readonly sender: string }, 'role' | 'account' | 'sender'>(abi, 'RoleRevoked(bytes32,address,address)'),
    /** The rewards of an epoch are known. They can be claimed from `claimableAt` on, unless vetoed before. */
    RootPosted: contractEvent<{ readonly epoch: bigint; readonly root: string; readonly total: bigint; readonly claimableAt: bigint }, 'epoch'>(abi, 'RootPosted(uint256,bytes32,uint256,uint64)'),
    /** The guardian took a root back. Another may be posted. */
    RootVetoed: contractEvent<{ readonly epoch: bigint; readonly root: string }, 'epoch'>(abi, 'RootVetoed(uint256,bytes32)'),
    Unpaused: contractEvent<{ readonly account: string }, never>(abi, 'Unpaused(address)'),
  },
  errors: {
    AccessControlBadConfirmation: contractError<{}>(abi, 'AccessControlBadConfirmation()'),
    AccessControlUnauthorizedAccount: contractError<{ readonly account: string; readonly neededRole: string }>(abi, 'AccessControlUnauthorizedAccount(address,bytes32)'),
    /** The duty of this epoch is done. */
    AlreadyCheckedIn: contractError<{ readonly provider: string; readonly epoch: bigint }>(abi, 'AlreadyCheckedIn(address,uint256)'),
    /** This claim has been paid. */
    AlreadyClaimed: contractError<{ readonly epoch: bigint; readonly provider: string }>(abi, 'AlreadyClaimed(uint256,address)'),
    /** It is too late for a veto. */
    ChallengeOver: contractError<{ readonly epoch: bigint; readonly claimableAt: bigint }>(abi, 'ChallengeOver(uint256,uint64)'),
    /** It is too early for a claim. */
    ChallengeRunning: contractError<{ readonly epoch: bigint; readonly claimableAt: bigint }>(abi, 'ChallengeRunning(uint256,uint64)'),
    EnforcedPause: contractError<{}>(abi, 'EnforcedPause()'),
    /** The epoch is not over. */
    EpochNotOver: contractError<{ readonly epoch: bigint; readonly current: bigint }>(abi, 'EpochNotOver(uint256,uint256)'),
    ExpectedPause: contractError<{}>(abi, 'ExpectedPause()'),
    /** More was promised than tokens are here that stand behind no other root. */
    InsufficientFunds: contractError<{ readonly unreserved: bigint; readonly total: bigint }>(abi, 'InsufficientFunds(uint256,uint256)'),
    /** The root does not say that the provider gets this amount. */
    InvalidProof: contractError<{ readonly epoch: bigint; readonly provider: string; readonly amount: bigint }>(abi, 'InvalidProof(uint256,address,uint256)'),
    /** The epoch has no root. */
    NoRoot: contractError<{ readonly epoch: bigint }>(abi, 'NoRoot(uint256)'),
    /** The caller is neither the provider nor its operator at the registry. */
    NotAuthorized: contractError<{ readonly caller: string; readonly provider: string }>(abi, 'NotAuthorized(address,address)'),
    /** The provider has no miners, or its stake does not cover them. */
    NotEligible: contractError<{ readonly provider: string; readonly miners: bigint; readonly available: bigint; readonly required: bigint }>(abi, 'NotEligible(address,uint256,uint256,uint256)'),
    ReentrancyGuardReentrantCall: contractError<{}>(abi, 'ReentrancyGuardReentrantCall()'),
    /** Restaked rewards go nowhere else. */
    RestakeHasDestination: contractError<{ readonly destination: string }>(abi, 'RestakeHasDestination(address)'),
    /** The epoch has a root. */
    RootExists: contractError<{ readonly epoch: bigint }>(abi, 'RootExists(uint256)'),
    SafeCastOverflowedUintDowncast: contractError<{ readonly bits: bigint; readonly value: bigint }>(abi, 'SafeCastOverflowedUintDowncast(uint8,uint256)'),
    SafeERC20FailedOperation: contractError<{ readonly token: string }>(abi, 'SafeERC20FailedOperation(address)'),
    /** The claims under the root come to more than its total. */
    TotalExceeded: contractError<{ readonly epoch: bigint; readonly left: bigint; readonly amount: bigint }>(abi, 'TotalExceeded(uint256,uint256,uint256)'),
    /** The epoch that was meant is over, or has not begun. */
    WrongEpoch: contractError<{ readonly epoch: bigint; readonly current: bigint }>(abi, 'WrongEpoch(uint256,uint256)'),
    /** An address that must not be zero is zero. */
    ZeroAddress: contractError<{}>(abi, 'ZeroAddress()'),
    /** An epoch must have a length. */
    ZeroEpochLength: contractError<{}>(abi, 'ZeroEpochLength()'),
    /** A root must not be zero. */
    ZeroRoot: contractError<{ readonly epoch: bigint }>(abi, 'ZeroRoot(uint256)'),
    /** The amount is zero. */
    ZeroTokens: contractError<{}>(abi, 'ZeroTokens()'),
  },
} as const;
