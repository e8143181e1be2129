/** A JSON-RPC error as a node said it. */
export interface NodeAnswerError {
  readonly code: number;
  readonly message: string;
  /** For reverts what the contract said; or something else, or nothing. */
  readonly data?: unknown;
}

/** What a node's error means for whoever asked. */
export type NodeErrorKind =
  /** The node has this very transaction: as good as accepted. */
  | 'alreadyKnown'
  /** Another transaction, or this one, was mined with the nonce. */
  | 'nonceTooLow'
  /** One with a lower nonce is missing. */
  | 'nonceTooHigh'
  /** The node holds another transaction of this nonce, and ours does not offer enough more than it. */
  | 'replacementUnderpriced'
  /** It offers less than the base fee, or than the node's least tip. */
  | 'feeTooLow'
  /** It offers more than this node lets pass. */
  | 'feeTooHigh'
  /** The account cannot pay gas limit x offer + value. */
  | 'insufficientFunds'
  /** The gas limit is below what the transaction needs in any case, or above a block's. */
  | 'badGasLimit'
  /** The contract refuses. The same call will be refused until its state changes. */
  | 'revert'
  /** Signed for another chain, or by no valid signature. */
  | 'badSignature'
  /** The node holds as many transactions as it can. */
  | 'mempoolFull'
  /** The node or its provider wants fewer requests. */
  | 'rateLimited'
  /** Too many blocks, too many logs, or too much work in one query. */
  | 'rangeTooLarge'
  /** The block or its state is not, or no longer, known to this node. */
  | 'blockUnavailable'
  /** The node does not know the method. */
  | 'unsupported'
  /** The node does not understand the parameters. */
  | 'invalidRequest'
  /** The node itself is in trouble: later it may answer. */
  | 'transient'
  /** None of the above. */
  | 'unknown';

/** Looked for in this order: a reason of a contract may contain any words, and 'underpriced' is said of two things. */
const texts: readonly [NodeErrorKind, readonly (string | RegExp)[]][] = [
  [
    'revert',
    [
      'execution reverted',
      'vm execution error',
      'reverted with',
      /^reverted\b/,
      'always failing transaction',
    ],
  ],
  [
    'alreadyKnown',
    [
      'already known',
      'alreadyknown',
      'same hash was already imported',
      'transaction already imported',
      'already in mempool',
      // Not of 'unknown transaction', which is the opposite.
      /(?<!un)known transaction/,
    ],
  ],
  [
    'nonceTooLow',
    ['nonce too low', 'nonce is too low', 'nonce_too_low', 'oldnonce', /nonce \d+ .*lower than/],
  ],
  [
    'nonceTooHigh',
    [
      'nonce too high',
      'nonce is too high',
      'nonce too far in the future',
      'exceeds next nonce',
      'nonce out of range',
      'tx-nonce-too-high',
      'noncegap',
      'nonce gap',
    ],
  ],
  [
    'replacementUnderpriced',
    [
      /replacement (transaction|tx)? ?underpriced/,
      'replacement fee too low',
      'replacementnotallowed',
      /replacement .*underpriced/,
    ],
  ],
  [
    'feeTooLow',
    [
      'underpriced',
      'less than block base fee',
      'lower than the block base fee',
      'below configured minimum',
      'below minimum',
      'feetoolow',
      /tip .*(too low|minimum)/,
    ],
  ],
  ['feeTooHigh', ['exceeds the configured cap', 'exceeds the configured maximum', 'feecap exceeds']],
  [
    'insufficientFunds',
    [
      'insufficient funds',
      'insufficientfunds',
      'upfront cost exceeds account balance',
      "doesn't have enough funds",
      'insufficient maxfeepergas',
      'gas required exceeds allowance',
    ],
  ],
  [
    'badGasLimit',
    [
      'intrinsic gas too low',
      'exceeds block gas limit',
      'gas limit reached',
      'gaslimitexceeded',
      'out of gas',
      'gas limit is too',
    ],
  ],
  [
    'badSignature',
    [
      'invalid sender',
      'invalid chain id',
      'chain id mismatch',
      'incorrect chainid',
      'wrong chain',
      'invalid signature',
    ],
  ],
  [
    'mempoolFull',
    ['txpool is full', 'pool is full', 'mempool is full', 'transaction pool limit', 'account limit exceeded'],
  ],
  [
    'rangeTooLarge',
    [
      'query returned more than',
      'query timeout exceeded',
      /(block|max|maximum|large|wide|big) ?range/,
      /block-range/,
      /\brange\b.*\b(exceeds?|limit|limited|large|wide|bigger)\b/,
      /\b(exceeds?|limited|limit)\b.*\brange\b/,
      /exceeds? max(imum)? results/,
      /(response|result)s? (size|is too|exceed)/,
      /too many (results|logs|blocks|events)/,
      'logs matched by query exceeds limit',
    ],
  ],
  [
    'rateLimited',
    [
      'rate limit',
      'rate-limit',
      'ratelimit',
      'too many requests',
      'limit exceeded',
      'request limit',
      'capacity exceeded',
      'compute units per second',
      'request count exceeded',
      'requests per second',
      'throttled',
    ],
  ],
  [
    'blockUnavailable',
    [
      'missing trie node',
      'header not found',
      'block not found',
      'unknown block',
      'resource not found',
      'state is not available',
      'state not available',
      'pruned',
      'not canonical',
      'not currently canonical',
      'no state found',
      'blockoutofrange',
    ],
  ],
  [
    'unsupported',
    ['method not found', 'method not supported', 'not whitelisted', 'does not exist/is not available'],
  ],
  [
    'transient',
    [
      'timeout',
      'timed out',
      'temporarily',
      'try again',
      'internal error',
      'upstream',
      'unavailable',
      'overloaded',
      'syncing',
    ],
  ],
];

/** What the codes of JSON-RPC and EIP-1474 say, where the words say nothing. */
const codes = new Map<number, NodeErrorKind>([
  [3, 'revert'],
  [-32005, 'rateLimited'],
  [-32001, 'blockUnavailable'],
  [-32601, 'unsupported'],
  [-32004, 'unsupported'],
  [-32600, 'invalidRequest'],
  [-32602, 'invalidRequest'],
  [-32700, 'invalidRequest'],
  [-32002, 'transient'],
  [-32603, 'transient'],
  [-32614, 'rangeTooLarge'],
  [429, 'rateLimited'],
]);

/** What the error means. Nodes agree on few codes, so their words decide, whatever the case; then the code. */
export function classifyNodeError({ code, message }: NodeAnswerError): NodeErrorKind {
  if (code === 3) {
    return 'revert';
  }
  const text = message.slice(0, MAX_CHARACTERS).toLowerCase();
  const found = texts.find(([, patterns]) => patterns.some((pattern) => says(text, pattern)));
  return found?.[0] ?? codes.get(code) ?? 'unknown';
}

/** More no node says that means anything. */
const MAX_CHARACTERS = 2000;

function says(text: string, pattern: string | RegExp): boolean {
  return typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text);
}
