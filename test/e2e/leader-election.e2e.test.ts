import assert from 'node:assert/strict';
import { Leases } from '../../src/api/builtin.ts';
import { untilPasses } from '../support/until-passes.ts';
import { metricsOf, startOperator, type RunningProgram } from '../support/operator.ts';
import { startTestCluster, type TestCluster } from '../support/test-cluster.ts';

describe('two operators', function () {
  this.timeout(120_000);
  let cluster: TestCluster;
  const started: RunningProgram[] = [];

  before(async () => {
    cluster = await startTestCluster();
  });
  after(async () => {
    await Promise.all(started.map((operator) => operator.end('SIGKILL')));
    await cluster.stop();
  });

  function start(): RunningProgram {
    const operator = startOperator(cluster.kubeconfig, ['--leader-election-id=test']);
    started.push(operator);
    return operator;
  }

  async function leads(operator: RunningProgram): Promise<boolean> {
    return /^leader_election_master_status\{name="test"\} 1$/m.test(await metricsOf(operator));
  }

  it('have one leader; when it ends in order, it gives the lease up and the other takes it', async () => {
    const first = start();
    await untilPasses(async () => assert.ok(await leads(first)));
    const second = start();
    await untilPasses(() => assert.ok(second.stderr().includes('standby')));
    assert.equal(await leads(second), false);
    const before = await cluster.client.get(Leases, { namespace: 'default', name: 'test' });

    const { code } = await first.end('SIGTERM');

    assert.equal(code, 0);
    await untilPasses(async () => assert.ok(await leads(second)));
    const now = await cluster.client.get(Leases, { namespace: 'default', name: 'test' });
    assert.notEqual(now.spec?.holderIdentity, before.spec?.holderIdentity);
    assert.match(now.spec?.renewTime ?? '', /\.\d{6}Z$/);
  });
});
