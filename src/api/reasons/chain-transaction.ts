import type { ReasonText } from './reason-text.ts';

/** Reasons of ChainTransactions. */
export const chainTransactionReasons = {
  Broadcasting: {
    kinds: ['ChainTransaction'],
    where: ['condition'],
    meaning:
      'The transaction is signed and recorded. It is sent to the nodes until it is included in a block.',
    remedy:
      'Wait. If it lasts, compare its fees with the base fee, and the account’s balance with what it may cost; or cancel it: headframe tx cancel NAME.',
  },
  Included: {
    kinds: ['ChainTransaction'],
    where: ['condition'],
    meaning: 'A block includes the transaction. The block may still be replaced by another.',
    remedy: '',
  },
  Reorganised: {
    kinds: ['ChainTransaction'],
    where: ['condition'],
    meaning:
      'The block that included the transaction is not part of the chain any more. The same transaction is sent again.',
    remedy: 'Nothing, unless it happens often: then ask for more confirmations, or look at the nodes.',
  },
  Confirmed: {
    kinds: ['ChainTransaction'],
    where: ['condition'],
    meaning: 'The transaction did its work, in a block that is final.',
    remedy: '',
  },
  Reverted: {
    kinds: ['ChainTransaction'],
    where: ['condition'],
    meaning:
      'The contract refused the call when it was included. Its gas is paid; nothing else happened. It is not tried again until something changes.',
    remedy: 'Read the message for the contract’s reason. When it is mended: headframe tx retry NAME.',
  },
  Displaced: {
    kinds: ['ChainTransaction'],
    where: ['condition'],
    meaning:
      'The nonce was used by a transaction that Headframe did not sign. What was intended did not happen and is planned again.',
    remedy:
      'Find out who else uses the account’s key: a wallet, a script or another operator. An account of Headframe must have its key for itself.',
  },
  Cancelled: {
    kinds: ['ChainTransaction'],
    where: ['condition'],
    meaning: 'Somebody asked for it, and a transaction that does nothing used the nonce instead.',
    remedy: 'To have the effect after all, if it is still wanted: headframe tx retry NAME.',
  },
  Expired: {
    kinds: ['ChainTransaction'],
    where: ['condition'],
    meaning:
      'The effect was of no use any more before the transaction was included; one that does nothing used the nonce instead.',
    remedy: 'If it happens often, allow higher fees for the account.',
  },
  Rejected: {
    kinds: ['ChainTransaction'],
    where: ['condition'],
    meaning:
      'The node said that it will never take the transaction; one that does nothing used the nonce instead. It is not tried again.',
    remedy: 'Read the message. When its cause is gone: headframe tx retry NAME.',
  },
} as const satisfies Record<string, ReasonText>;
