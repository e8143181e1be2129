import { annotations } from '../../api/group.ts';
import { type Entry, canBeRetried, isIntended, isLive, lastAttempt } from '../../chain/engine/entry.ts';

/** What may be asked for of a transaction. */
export type Request = 'cancel' | 'retry';

/** What can come of a request. */
export type Judgement =
  /** The annotation is to be set. */
  | { readonly kind: 'possible'; readonly message: string }
  /** Somebody has asked for it before. */
  | { readonly kind: 'asked'; readonly message: string }
  /** It would change nothing: why, and what is possible. */
  | { readonly kind: 'useless'; readonly message: string };

/**
 * Whether the request can help. As the object has it: meanwhile a block may have included the transaction. Pure.
 * @param idle why nothing is sent for the account, and what to do about it; undefined when something is, or nobody knows
 */
export function judge(request: Request, entry: Entry, idle?: string): Judgement {
  return request === 'cancel' ? judgeCancel(entry, idle) : judgeRetry(entry);
}

function judgeCancel(entry: Entry, idle: string | undefined): Judgement {
  const { metadata, spec, status } = entry;
  const { name } = metadata;
  if (!isLive(entry)) {
    const more = canBeRetried(entry) ? `; to try the same once more: headframe tx retry ${name}` : '';
    return useless(`${name} has ended (${status?.outcome ?? ''}), and cannot be cancelled any more${more}`);
  }
  if (status?.inclusion !== undefined) {
    return useless(
      `${name} is included in block ${status.inclusion.blockNumber}, and cannot be cancelled any more; only a reorganisation of the chain would change that`,
    );
  }
  const last = lastAttempt(entry);
  if (!isIntended(last)) {
    return useless(
      `${name} does nothing but use the nonce ${spec.nonce} (${last.cause}): there is nothing to cancel, and what comes after it needs the nonce used`,
    );
  }
  if (idle !== undefined) {
    return useless(
      `${name} cannot be cancelled now, because nobody would send what takes its place: ${idle}, then cancel it again`,
    );
  }
  return isAsked(entry, annotations.cancel)
    ? { kind: 'asked', message: `${name} is to be cancelled already: a node has to take the replacement yet` }
    : {
        kind: 'possible',
        message: `${name} is to be cancelled: a transaction that does nothing takes the nonce ${spec.nonce}, unless a block includes ${spec.intent.kind} first`,
      };
}

function judgeRetry(entry: Entry): Judgement {
  const { metadata, spec, status } = entry;
  const { name } = metadata;
  if (isLive(entry)) {
    return useless(
      `${name} has not ended yet: it is sent until a block includes it; to end it: headframe tx cancel ${name}`,
    );
  }
  if (!canBeRetried(entry)) {
    return useless(
      status?.outcome === 'Confirmed'
        ? `${name} has done its work (Confirmed): there is nothing to retry`
        : `${name} ended ${status?.outcome ?? ''}: what it was to do is planned again by itself, as long as it is wanted`,
    );
  }
  return isAsked(entry, annotations.retry)
    ? {
        kind: 'asked',
        message: `${name} may be tried again already: ${spec.intent.kind} is sent once more when it is wanted`,
      }
    : {
        kind: 'possible',
        message: `${name} may be tried again: ${spec.intent.kind} is sent once more, as long as it is wanted`,
      };
}

function useless(message: string): Judgement {
  return { kind: 'useless', message };
}

function isAsked({ metadata }: Entry, annotation: string): boolean {
  return metadata.annotations?.[annotation] === 'true';
}
