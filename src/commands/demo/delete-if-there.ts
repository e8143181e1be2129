import type { KubeObject, ObjectKey, ResourceType } from '../../api/kube-object.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isNotFound } from '../../kube/errors.ts';

/** Deletes one object; not being there is fine. */
export async function deleteIfThere(
  client: KubeClient,
  type: ResourceType<KubeObject>,
  { namespace, name }: ObjectKey,
): Promise<void> {
  try {
    await client.delete(type, { namespace, name });
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
  }
}
