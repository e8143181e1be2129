import type { Resource } from '../resources/resource.ts';
import { metadataOf } from '../storage/record.ts';
import { notFound, StatusError } from '../status.ts';
import type { Store } from '../storage/store.ts';

/**
 * Nothing can be created in a namespace that does not exist, or that is going away.
 * @throws StatusError 404 or 403
 */
export function admitToNamespace(
  store: Store,
  { group, plural }: Pick<Resource, 'group' | 'plural'>,
  { namespace, name }: { namespace: string; name: string },
): void {
  const found = store.collection('namespaces').get(namespace);
  if (found === undefined) {
    throw notFound({ group: '', plural: 'namespaces' }, namespace);
  }
  if (metadataOf(found.object)['deletionTimestamp'] === undefined) {
    return;
  }
  const qualified = group === '' ? plural : `${plural}.${group}`;
  throw new StatusError(
    403,
    'Forbidden',
    `${qualified} ${JSON.stringify(name)} is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
    {
      details: {
        ...(name === '' ? {} : { name }),
        ...(group === '' ? {} : { group }),
        kind: plural,
        causes: [
          {
            reason: 'NamespaceTerminating',
            message: `namespace ${namespace} is being terminated`,
            field: 'metadata.namespace',
          },
        ],
      },
    },
  );
}
