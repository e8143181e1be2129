/** HTTP status and reason with which kube-apiserver refuses a patch. */
export type PatchRefusal =
  | { readonly code: 400; readonly reason: 'BadRequest' }
  | { readonly code: 413; readonly reason: 'RequestEntityTooLarge' }
  | { readonly code: 422; readonly reason: 'Invalid' }
  /** What upstream does not class at all: a Status without a reason. */
  | { readonly code: 500; readonly reason: '' };

/** A patch or an applied configuration that is refused; `message` is worded as upstream words it. */
export class PatchError extends Error {
  override readonly name = 'PatchError';
  readonly code: PatchRefusal['code'];
  readonly reason: PatchRefusal['reason'];

  constructor(message: string, refusal: PatchRefusal) {
    super(message);
    this.code = refusal.code;
    this.reason = refusal.reason;
  }
}

/** 400: the patch is not what its content type says. */
export function malformedPatch(message: string): PatchError {
  return new PatchError(message, { code: 400, reason: 'BadRequest' });
}

/** 422 without a word on why: upstream drops what it knows. */
export function unprocessablePatch(): PatchError {
  return new PatchError('the server rejected our request due to an error in our request', {
    code: 422,
    reason: 'Invalid',
  });
}

/** 500: upstream returns such an error as it is. */
export function failedPatch(message: string): PatchError {
  return new PatchError(message, { code: 500, reason: '' });
}
