import { Pods } from '../../../src/api/builtin.ts';
import { untilPasses } from '../../support/until-passes.ts';
import { startRealTestCluster } from '../../support/test-cluster.ts';

/* A program for a test: starts a cluster with one pod that is a process, prints the process ids, and waits to be killed. */

const cluster = await startRealTestCluster();
await cluster.client.create(Pods, {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'doomed', namespace: 'default' },
  spec: { containers: [{ name: 'main', image: 'headframe/shell' }] },
});
const groups = await untilPasses(() => {
  const found = ['node-a', 'node-b', 'node-c'].flatMap((name) => cluster.agent.processGroups(name));
  if (found.length === 0) {
    throw new Error('the pod does not run yet');
  }
  return found;
});
const pids = [...Object.values(cluster.controlPlane.pids), ...groups];
process.stdout.write(`${JSON.stringify({ pids, folder: cluster.controlPlane.dataFolder })}\n`);
