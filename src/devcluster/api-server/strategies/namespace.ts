import { labelNameErrors } from '../metadata/names.ts';
import { isObject } from '../schema/json.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { metaString, metadataOf } from '../storage/record.ts';
import { forbidden } from '../status.ts';
import { metadataFields, plainStrategy, type Strategy } from './strategy.ts';

/** Admission plugin NamespaceLifecycle. */
const UNDELETABLE = ['default', 'kube-system', 'kube-public'];

const NAME_LABEL = 'kubernetes.io/metadata.name';

/** Namespaces are held by `spec.finalizers`, which only their subresource `finalize` changes. */
export const namespaceStrategy: Strategy = {
  ...plainStrategy,
  nameErrors: labelNameErrors,
  returnsDeleted: true,
  fields: (namespace) => ({
    ...metadataFields(namespace),
    name: metaString(namespace, 'name') ?? '',
    'status.phase': phaseOf(namespace),
  }),
  defaults: (namespace) => {
    const metadata = metadataOf(namespace);
    const name = metaString(namespace, 'name');
    if (name !== undefined) {
      const labels = isObject(metadata['labels']) ? metadata['labels'] : {};
      namespace['metadata'] = { ...metadata, labels: { ...labels, [NAME_LABEL]: name } };
    }
  },
  prepareForCreate: (namespace) => {
    const finalizers = specFinalizers(namespace);
    namespace['spec'] = {
      finalizers: finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'],
    };
    namespace['status'] = { phase: 'Active' };
  },
  prepareForUpdate: (namespace, live) => {
    if (live['spec'] === undefined) {
      delete namespace['spec'];
    } else {
      namespace['spec'] = live['spec'];
    }
  },
  refuseDeletion: (name) => {
    if (UNDELETABLE.includes(name)) {
      throw forbidden({ group: '', plural: 'namespaces' }, name, 'this namespace may not be deleted');
    }
  },
  isHeld: (namespace) => specFinalizers(namespace).length > 0,
  onDeletionStarted: (namespace) => {
    namespace['status'] = {
      ...(isObject(namespace['status']) ? namespace['status'] : {}),
      phase: 'Terminating',
    };
  },
};

/** What still has to be done before the namespace may go. */
export function specFinalizers({ spec }: JsonObject): Json[] {
  const finalizers = isObject(spec) ? spec['finalizers'] : undefined;
  return Array.isArray(finalizers) ? finalizers : [];
}

function phaseOf({ status }: JsonObject): string {
  const phase = isObject(status) ? status['phase'] : undefined;
  return typeof phase === 'string' ? phase : '';
}
