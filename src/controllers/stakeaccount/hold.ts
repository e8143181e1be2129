import { finalizers } from '../../api/group.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { type StakeAccount, StakeAccounts } from '../../api/stake-account.ts';
import type { KubeClient } from '../../kube/client.ts';

/** Whether deleting the StakeAccount waits for us. */
export function isHeld({ metadata }: Immutable<StakeAccount>): boolean {
  return metadata.finalizers?.includes(finalizers.stake) === true;
}

/** Whether the stake is to be paid back before the object may go. */
export function withdrawsAtEnd({ spec }: Immutable<StakeAccount>): boolean {
  return spec.deletionPolicy === 'Withdraw' && spec.mode === 'Manage';
}

/** Puts our finalizer on, or takes it off; refused with a conflict when somebody else has changed the object meanwhile. */
export async function setHold(
  { metadata }: Immutable<StakeAccount>,
  held: boolean,
  client: KubeClient,
): Promise<StakeAccount> {
  const others = (metadata.finalizers ?? []).filter((name) => name !== finalizers.stake);
  const names = held ? [...others, finalizers.stake] : others;
  const { resourceVersion } = metadata;
  return client.mergePatch(StakeAccounts, metadata, { metadata: { resourceVersion, finalizers: names } });
}
