import assert from 'node:assert/strict';
import { ComputeClusterSpec } from '../../../src/api/compute-cluster.ts';
import { ComputeClusterStatus } from '../../../src/api/compute-cluster-status.ts';
import { nodesLeftOut } from '../../../src/compute/quarantine/nodes-left-out.ts';
import { NOW, ago } from '../../support/pool-objects.ts';

describe('compute/quarantine/nodes-left-out', () => {
  const spec = { ...ComputeClusterSpec.parse({}), excludedNodes: ['z', 'b'] };
  const entry = (node: string, until: string): object => ({
    node,
    state: 'LeftOut',
    since: ago(900),
    until,
    times: 1,
    reason: '',
  });

  it('is the nodes that the owner excludes and those in quarantine, each once', () => {
    const status = ComputeClusterStatus.parse({
      quarantine: [
        entry('b', ago(-1)),
        entry('a', ago(-1)),
        entry('served', ago(0)),
        entry('long-ago', ago(60)),
      ],
    });
    assert.deepEqual(nodesLeftOut({ spec, status }, NOW), ['a', 'b', 'z']);
  });

  it('is the excluded nodes of a cluster that has no status yet', () => {
    assert.deepEqual(nodesLeftOut({ spec }, NOW), ['b', 'z']);
  });
});
