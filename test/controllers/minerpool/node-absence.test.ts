import assert from 'node:assert/strict';
import { Nodes, type Node } from '../../../src/api/builtin.ts';
import type { Informer } from '../../../src/kube/informer.ts';
import type { ChangeHandler } from '../../../src/kube/change.ts';
import { nodeAbsence } from '../../../src/controllers/fleet/node-absence.ts';
import { NOW, gpuNode } from '../../support/pool-objects.ts';

/** A cache of nodes that a test fills by hand. */
function handFilled(): {
  readonly informer: Informer<Node>;
  readonly set: (node: Node) => void;
  readonly remove: (name: string) => void;
  readonly fail: (error: Error | undefined) => void;
} {
  const nodes = new Map<string, Node>();
  const handlers: ChangeHandler<Node>[] = [];
  let lastError: Error | undefined;
  const informer: Informer<Node> = {
    type: Nodes,
    store: { get: (key) => nodes.get(key), list: () => nodes.values(), byIndex: () => [], size: 0 },
    onChange: (handler) => handlers.push(handler),
    start: () => Promise.resolve(),
    synced: true,
    whenSynced: () => Promise.resolve(),
    get lastError() {
      return lastError;
    },
  };
  return {
    informer,
    set(node) {
      nodes.set(node.metadata.name, node);
      handlers.forEach((handler) => handler({ type: 'added', object: node, initial: false }));
    },
    remove: (name) => nodes.delete(name),
    fail: (error) => (lastError = error),
  };
}

describe('controllers/fleet/node-absence', () => {
  it('takes the word of a node that is there', () => {
    const { informer, set } = handFilled();
    set(gpuNode('up'));
    set(gpuNode('down', { ready: false }));
    const awaySince = nodeAbsence(informer, { now: () => NOW });

    assert.equal(awaySince('up'), undefined);
    assert.equal(awaySince('down'), NOW - 120_000);
  });

  it('counts a missing node from when it was first missed, and anew when it has been back', () => {
    const { informer, set, remove } = handFilled();
    let now = NOW;
    const awaySince = nodeAbsence(informer, { now: () => now });

    assert.equal(awaySince('n'), NOW);
    now += 5000;
    assert.equal(awaySince('n'), NOW);
    set(gpuNode('n'));
    assert.equal(awaySince('n'), undefined);
    remove('n');
    assert.equal(awaySince('n'), NOW + 5000);
  });

  it('makes nothing of a missing node while the watch of nodes fails', () => {
    const { informer, fail } = handFilled();
    const awaySince = nodeAbsence(informer, { now: () => NOW });

    fail(new Error('forbidden'));
    assert.equal(awaySince('n'), undefined);
    fail(undefined);
    assert.equal(awaySince('n'), NOW);
  });
});
