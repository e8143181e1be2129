import type { Node } from '../../api/builtin.ts';
import { notReadySince } from '../../compute/node-gpus.ts';
import type { Informer } from '../../kube/informer.ts';
import type { Clock } from '../../time/clock.ts';

/** Since when the named node has been away, in milliseconds since 1970; undefined while it is there, or when nobody can tell. */
export type AwaySince = (node: string) => number | undefined;

/**
 * A node that is not ready says since when. One whose object is gone does not: it counts from when it was first missed here, so that a
 * node that is registered anew, or that this cache has not seen yet, keeps its pods for the grace. While the watch of nodes fails,
 * a missing node means nothing.
 */
export function nodeAbsence(nodes: Informer<Node>, clock: Pick<Clock, 'now'>): AwaySince {
  const missed = new Map<string, number>();
  nodes.onChange(({ type, object }) => {
    if (type !== 'deleted') {
      missed.delete(object.metadata.name);
    }
  });
  return (name) => {
    const node = nodes.store.get(name);
    if (node !== undefined) {
      return notReadySince(node);
    }
    if (nodes.lastError !== undefined) {
      return undefined;
    }
    const since = missed.get(name) ?? clock.now();
    missed.set(name, since);
    return since;
  };
}
