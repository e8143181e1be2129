import type { Immutable } from '../../api/kube-object.ts';
import type { StakeAccount } from '../../api/stake-account.ts';
import { minerTag } from '../miner-id.ts';

/**
 * What the ids of an account's miners begin with. What stands in the status stays: a tag that changed would leave miners behind as those
 * of others.
 * @param homeUid UID of the namespace kube-system of the cluster in which Headframe runs; undefined when that is refused
 */
export async function tagOf(
  { metadata, status }: Immutable<StakeAccount>,
  homeUid: () => Promise<string | undefined>,
): Promise<string> {
  const { namespace = '', name, uid } = metadata;
  return status?.minerTag ?? minerTag({ home: (await homeUid()) ?? uid, namespace, account: name });
}
