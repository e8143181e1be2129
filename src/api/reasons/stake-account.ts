import type { ReasonText } from './reason-text.ts';

/** Reasons of StakeAccounts. */
export const stakeAccountReasons = {
  AsWanted: {
    kinds: ['StakeAccount'],
    where: ['condition'],
    meaning: 'All that is wanted of the account is so on chain.',
    remedy: '',
  },
  Observed: {
    kinds: ['StakeAccount'],
    where: ['condition'],
    meaning: 'The account is read and shown, and nothing is sent for it.',
    remedy: 'Set spec.mode to Manage, and spec.signer, to have it managed.',
  },
  TransactionsUnderWay: {
    kinds: ['StakeAccount'],
    where: ['condition'],
    meaning: 'Transactions are sent, or are about to be, and are waited for.',
    remedy: 'Wait. headframe tx list shows them.',
  },
  NetworkNotUsable: {
    kinds: ['StakeAccount'],
    where: ['condition', 'event'],
    meaning:
      'The StakingNetwork of the account cannot be used now. What was known of the account stays to be seen.',
    remedy: 'Read the message, and look at the StakingNetwork.',
  },
  NetworkMissing: {
    kinds: ['StakeAccount'],
    where: ['condition', 'event'],
    meaning: 'There is no StakingNetwork of the name in spec.networkRef.',
    remedy: 'Create it.',
  },
  AccountUnread: {
    kinds: ['StakeAccount'],
    where: ['condition'],
    meaning: 'The account has not been read from the chain yet.',
    remedy: 'Wait.',
  },
  AmountInvalid: {
    kinds: ['StakeAccount'],
    where: ['condition', 'event'],
    meaning:
      'An amount of the spec, or one that the status has counted, has more digits after the point than the token or the coin has. Nothing is sent for the account.',
    remedy:
      'Write it as the message says. If it is one of the status, the token is another than before: see what the message says.',
  },
  SpecInvalid: {
    kinds: ['StakeAccount'],
    where: ['condition', 'event'],
    meaning:
      'The spec was stored when other rules held, and is none that this version understands. Nothing is done for the account, and its pools keep what they have.',
    remedy: 'Apply it again, with the fields that the message names as the reference describes them.',
  },
  KeyInUse: {
    kinds: ['StakeAccount'],
    where: ['condition', 'event'],
    meaning:
      'An older StakeAccount manages the same account on the same chain. Two would undo what each other does.',
    remedy: 'Delete one of the two, or set its spec.mode to Observe.',
  },
  PoolNotUnderstood: {
    kinds: ['StakeAccount'],
    where: ['condition', 'event'],
    meaning: 'What a MinerPool asks of the account cannot be understood.',
    remedy: 'Change the MinerPool as the message says.',
  },
  SignerReady: {
    kinds: ['StakeAccount'],
    where: ['condition'],
    meaning: 'There is a key for the account.',
    remedy: '',
  },
  SignerSecretMissing: {
    kinds: ['StakeAccount'],
    where: ['condition', 'event'],
    meaning: 'A Secret of the signer is not there, lacks an entry, or may not be read.',
    remedy: 'Create it in the namespace of the account, or allow Headframe to read it.',
  },
  WrongKey: {
    kinds: ['StakeAccount'],
    where: ['condition', 'event'],
    meaning: 'The key is of another account.',
    remedy: 'Give the key of spec.address, or make a StakeAccount for the address of the key.',
  },
  SignerMisconfigured: {
    kinds: ['StakeAccount'],
    where: ['condition', 'event'],
    meaning: 'The keystore, password, key, certificate or URL of the signer cannot be used.',
    remedy: 'Read the message for what is wrong with it.',
  },
  SignerRefused: {
    kinds: ['StakeAccount'],
    where: ['condition', 'event'],
    meaning: 'The signer did not sign.',
    remedy: 'Look at the signer. Headframe asks again.',
  },
  TransactionFailed: {
    kinds: ['StakeAccount'],
    where: ['condition', 'event'],
    meaning: 'The chain refused a transaction that is still wanted. It is not tried again by itself.',
    remedy: 'Read the message for the reason of the contract. When it is mended: headframe tx retry NAME.',
  },
  WouldRevert: {
    kinds: ['StakeAccount'],
    where: ['condition', 'event'],
    meaning: 'The contract would refuse the next transaction, so it is not sent.',
    remedy: 'Read the message for the reason of the contract. Headframe tries again.',
  },
  FeesAboveLimit: {
    kinds: ['StakeAccount'],
    where: ['condition', 'event'],
    meaning: 'Gas costs more than spec.fees of the StakingNetwork allows now.',
    remedy: 'Wait until gas is cheaper, or allow more.',
  },
  SpendCapReached: {
    kinds: ['StakeAccount'],
    where: ['condition', 'event'],
    meaning: 'The next transaction could exceed what spec.spendCap allows in 24 hours.',
    remedy: 'Wait, or raise the cap.',
  },
  InsufficientCoin: {
    kinds: ['StakeAccount'],
    where: ['condition', 'event'],
    meaning: 'The account has too little of the chain’s coin for gas.',
    remedy: 'Send some to it.',
  },
  InsufficientTokens: {
    kinds: ['StakeAccount'],
    where: ['condition', 'event'],
    meaning: 'The account holds fewer tokens than are to be staked.',
    remedy: 'Send tokens to it, or want less.',
  },
  StakeCapReached: {
    kinds: ['StakeAccount'],
    where: ['condition', 'event'],
    meaning: 'More stake is wanted than spec.stake.max allows.',
    remedy: 'Raise spec.stake.max, or scale the pools down.',
  },
  TransactionStuck: {
    kinds: ['StakeAccount'],
    where: ['condition', 'event'],
    meaning: 'A transaction was replaced as often as is allowed, and is not included yet.',
    remedy: 'Look at the gas of the network; cancel it with headframe tx cancel NAME.',
  },
  NonceDisputed: {
    kinds: ['StakeAccount'],
    where: ['condition', 'event'],
    meaning:
      'A node counts a nonce of the account as used, and nothing shows by what. Nothing is sent after it until a final block shows it.',
    remedy:
      'Wait. If it stays so, look whether somebody else uses the key, and use an endpoint with the state of older blocks.',
  },
  NodeUnavailable: {
    kinds: ['StakeAccount'],
    where: ['condition'],
    meaning: 'A node did not answer what had to be asked before sending.',
    remedy: 'Wait. If it stays so, look at the StakingNetwork.',
  },
  CheckedIn: {
    kinds: ['StakeAccount'],
    where: ['condition'],
    meaning: 'The duty of the present epoch is done.',
    remedy: '',
  },
  DutyOpen: {
    kinds: ['StakeAccount'],
    where: ['condition'],
    meaning: 'The duty of the present epoch is to be done.',
    remedy: 'Wait.',
  },
  DutyLate: {
    kinds: ['StakeAccount'],
    where: ['condition', 'event'],
    meaning: 'Half of the epoch is over, and its duty is not done.',
    remedy: 'Read the Ready condition for why.',
  },
  DutyMissed: {
    kinds: ['StakeAccount'],
    where: ['condition', 'event'],
    meaning: 'An epoch is over, and its duty was not done: it earns nothing.',
    remedy: 'Read earlier events for why.',
  },
  RewardsRead: {
    kinds: ['StakeAccount'],
    where: ['condition'],
    meaning: 'What the account has earned is read, and every proof of it is right.',
    remedy: '',
  },
  RewardProofsUnread: {
    kinds: ['StakeAccount'],
    where: ['condition'],
    meaning: 'What the account has earned is being asked for.',
    remedy: 'Wait.',
  },
  RewardProofsUnreadable: {
    kinds: ['StakeAccount'],
    where: ['condition', 'event'],
    meaning:
      'The server of spec.rewards of the StakingNetwork does not answer, or not as it should. Nothing else waits for it.',
    remedy: 'Read the message, and look at that server. Headframe asks again.',
  },
  RewardProofsWrong: {
    kinds: ['StakeAccount'],
    where: ['condition', 'event'],
    meaning: 'A proof does not fit the root that is on chain, so that the claim is not sent.',
    remedy: 'Tell whoever runs the server of spec.rewards of the StakingNetwork.',
  },
  ForeignTransactions: {
    kinds: ['StakeAccount'],
    where: ['event'],
    meaning:
      'Somebody else uses the key of the account: a transaction that Headframe did not send used a nonce.',
    remedy: 'Give each user of the account a key of its own.',
  },
  Slashed: {
    kinds: ['StakeAccount'],
    where: ['event'],
    meaning: 'A slash has taken stake of the account, in a block that is final.',
    remedy: 'Find out what for from the network. Pools shrink to what the stake covers.',
  },
  Withdrawing: {
    kinds: ['StakeAccount'],
    where: ['condition', 'event'],
    meaning:
      'The account is being deleted with deletionPolicy Withdraw: miners are taken off, and stake is thawed and paid back. The object stays until that is done.',
    remedy: 'Wait until the stake has thawed. To leave it where it is: set spec.deletionPolicy to Retain.',
  },
} as const satisfies Readonly<Record<string, ReasonText>>;
