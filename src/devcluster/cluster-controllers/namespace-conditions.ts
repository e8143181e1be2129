import type { Immutable, KubeObject } from '../../api/kube-object.ts';
import { rfc3339 } from '../../time/clock.ts';
import type { ApiResource } from './api-resources.ts';
import type { NamespaceCondition } from '../../api/namespace.ts';

/** What a namespace that is being deleted still holds of one kind. */
export interface Remaining {
  readonly resource: ApiResource;
  readonly objects: readonly KubeObject[];
}

type Statement = Omit<NamespaceCondition, 'lastTransitionTime'>;

/** What the namespace's conditions say, in the words of kube-controller-manager. */
export function contentConditions(remaining: readonly Remaining[]): Statement[] {
  return [
    fine('NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'),
    fine(
      'NamespaceDeletionGroupVersionParsingFailure',
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ),
    fine(
      'NamespaceDeletionContentFailure',
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ),
    remainingContent(remaining),
    remainingFinalizers(remaining),
  ];
}

function remainingContent(remaining: readonly Remaining[]): Statement {
  const type = 'NamespaceContentRemaining';
  const counts = remaining.map(
    ({ resource, objects }) =>
      `${resource.plural}.${resource.group} has ${objects.length} resource instances`,
  );
  return counts.length === 0
    ? fine(type, 'ContentRemoved', 'All content successfully removed')
    : bad(type, 'SomeResourcesRemain', `Some resources are remaining: ${counts.sort().join(', ')}`);
}

function remainingFinalizers(remaining: readonly Remaining[]): Statement {
  const type = 'NamespaceFinalizersRemaining';
  const counts = new Map<string, number>();
  for (const { metadata } of remaining.flatMap(({ objects }) => objects)) {
    for (const finalizer of metadata.finalizers ?? []) {
      counts.set(finalizer, (counts.get(finalizer) ?? 0) + 1);
    }
  }
  const texts = [...counts].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`);
  return texts.length === 0
    ? fine(type, 'ContentHasNoFinalizers', 'All content-preserving finalizers finished')
    : bad(
        type,
        'SomeFinalizersRemain',
        `Some content in the namespace has finalizers remaining: ${texts.sort().join(', ')}`,
      );
}

function fine(type: string, reason: string, message: string): Statement {
  return { type, status: 'False', reason, message };
}

function bad(type: string, reason: string, message: string): Statement {
  return { type, status: 'True', reason, message };
}

/** The conditions with those stated; undefined when nothing differs. Transition times move with the status. */
export function mergeConditions(
  before: readonly Immutable<NamespaceCondition>[],
  stated: readonly Statement[],
  now: number,
): NamespaceCondition[] | undefined {
  const text = ({ type, status, reason, message }: Statement): string =>
    JSON.stringify([type, status, reason, message]);
  if (stated.every((one) => before.some((former) => text(former) === text(one)))) {
    return undefined;
  }
  const others = before.filter(({ type }) => !stated.some((one) => one.type === type));
  return [
    ...others,
    ...stated.map((one) => {
      const former = before.find(({ type }) => type === one.type);
      const since = former?.status === one.status ? former.lastTransitionTime : undefined;
      return { ...one, lastTransitionTime: since ?? rfc3339(now) };
    }),
  ];
}
