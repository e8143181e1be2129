import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureAssets } from '../../src/devcluster/control-plane/assets.ts';
import { startControlPlane, type ControlPlane } from '../../src/devcluster/control-plane/control-plane.ts';
import type { KubeObject } from '../../src/api/kube-object.ts';
import { release } from '../support/chart.ts';
import type { RbacRule } from '../support/rbac-rules.ts';
import { untilPasses } from '../support/until-passes.ts';
import { kubectlOf } from '../support/kubectl.ts';
import { addressOf, runProgram, startOperator, type RunningProgram } from '../support/operator.ts';

const free = ['--metrics-bind-address=127.0.0.1:0', '--health-probe-bind-address=127.0.0.1:0'];

describe('an operator in trouble', function () {
  this.timeout(120_000);
  let controlPlane: ControlPlane;
  let folder: string;

  before(async () => {
    const assets = await ensureAssets({ progress: (message) => process.stderr.write(`${message}\n`) });
    controlPlane = await startControlPlane({ assets });
    folder = await mkdtemp(join(tmpdir(), 'headframe-test-'));
  });
  after(async () => {
    await controlPlane.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function kubeconfigWith(change: (text: string) => string): Promise<string> {
    const file = join(folder, `kubeconfig-${Math.random()}`);
    await writeFile(file, change(await readFile(controlPlane.kubeconfig, 'utf8')));
    return file;
  }

  /** Each ends at once with code 2 and one line on standard error that says what to do. */
  const fatal: { name: string; args: () => Promise<string[]> | string[]; says: RegExp }[] = [
    {
      name: 'a kubeconfig that is not there',
      args: () => ['--kubeconfig=/nowhere/kubeconfig', ...free],
      says: /\/nowhere\/kubeconfig/,
    },
    {
      name: 'a kubeconfig that is no kubeconfig',
      args: async () => [`--kubeconfig=${await kubeconfigWith(() => '{{{ not yaml')}`, ...free],
      says: /kubeconfig/,
    },
    {
      name: 'a context that is not in it',
      args: () => [`--kubeconfig=${controlPlane.kubeconfig}`, '--context=mars', ...free],
      says: /mars/,
    },
    {
      name: 'a server that is not there',
      args: async () => [
        `--kubeconfig=${await kubeconfigWith((text) => text.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1'))}`,
        ...free,
      ],
      says: /127\.0\.0\.1:1\b/,
    },
    {
      name: 'a token that the server does not know (any more)',
      args: async () => [
        `--kubeconfig=${await kubeconfigWith((text) => text.replace(/token: .*/, 'token: expired'))}`,
        ...free,
      ],
      says: /401 Unauthorized.*expired or for another cluster/,
    },
    {
      name: 'a port out of range',
      args: () => ['--metrics-bind-address=:99999'],
      says: /must be a port from 0 to 65535/,
    },
    {
      name: 'an unknown log level',
      args: () => ['--log-level=loud'],
      says: /Allowed choices are error, warn, info, debug/,
    },
    { name: 'an unknown flag', args: () => ['--colour=blue'], says: /unknown option '--colour=blue'/ },
  ];
  for (const { name, args, says } of fatal) {
    it(`${name}: code 2 and a message`, async () => {
      const { code, stderr } = await runProgram(['operator', ...(await args())]).finished;

      assert.equal(code, 2, stderr);
      assert.match(stderr, says);
      assert.doesNotMatch(stderr, /\n\s+at /, 'no stack trace');
    });
  }

  it('a port in use: code 2, the flag to change', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    try {
      const flags = [`--metrics-bind-address=127.0.0.1:${port}`, '--health-probe-bind-address=127.0.0.1:0'];
      const { code, stderr } = await runProgram([
        'operator',
        `--kubeconfig=${controlPlane.kubeconfig}`,
        ...flags,
      ]).finished;

      assert.equal(code, 2);
      assert.match(stderr, new RegExp(`127\\.0\\.0\\.1:${port} is already in use.*--metrics-bind-address`));
    } finally {
      taken.close();
    }
  });

  async function readyz(operator: RunningProgram): Promise<{ status: number; text: string }> {
    const answer = await fetch(`http://${await addressOf(operator, '--health-probe-bind-address')}/readyz`);
    return { status: answer.status, text: await answer.text() };
  }

  it('missing CRDs: says so, is not ready, and goes on when they come', async () => {
    const operator = startOperator(controlPlane.kubeconfig);
    try {
      await untilPasses(async () => {
        const { status, text } = await readyz(operator);
        assert.equal(status, 503);
        assert.match(text, /minerpools/i);
      });
      assert.match(
        operator.stderr(),
        /the CustomResourceDefinitions are missing: headframe crds \| kubectl apply/,
      );

      const crds = await runProgram(['crds']).finished;
      const file = join(folder, 'crds.yaml');
      await writeFile(file, crds.stdout);
      const { spawnSync } = await import('node:child_process');
      const applied = spawnSync(controlPlane.kubectl, [
        '--kubeconfig',
        controlPlane.kubeconfig,
        'apply',
        '-f',
        file,
      ]);
      assert.equal(applied.status, 0, applied.stderr.toString());

      // The reflector asks again after at most a minute.
      await untilPasses(
        async () => assert.deepEqual(await readyz(operator), { status: 200, text: 'ok\n' }),
        90_000,
      );
    } finally {
      const { code } = await operator.end('SIGTERM');
      assert.equal(code, 0);
    }
  });

  it('no permissions: says which, keeps trying, and writes no secret anywhere', async () => {
    const kubeconfig = controlPlane.kubeconfigFor('powerless');
    const operator = startOperator(kubeconfig);
    try {
      await untilPasses(async () => {
        const { status, text } = await readyz(operator);
        assert.equal(status, 503);
        assert.match(text, /forbidden/);
      });
    } finally {
      await operator.end('SIGTERM');
    }
    const token = /token: (\S+)/.exec(await readFile(kubeconfig, 'utf8'))?.[1];
    assert.ok(token);
    assert.ok(!operator.stderr().includes(token));
  });

  it('without one of the chart’s permissions the pool says which, and goes on when it is granted', async () => {
    const kubectl = kubectlOf({ path: controlPlane.kubectl, kubeconfig: controlPlane.kubeconfig });
    const apply = async (object: object): Promise<void> => {
      const { code, stderr } = await kubectl(['apply', '-f', '-'], object);
      assert.equal(code, 0, stderr);
    };
    const objects = await release();
    const rules = objects
      .filter(
        ({ kind, metadata }) => kind === 'Role' || (kind === 'ClusterRole' && metadata.name === 'headframe'),
      )
      .flatMap((object) => (object as KubeObject & { rules: RbacRule[] }).rules)
      // The operator of this test has a Lease of its own.
      .map(({ resourceNames: _, ...rule }) => rule);
    const without = (verb: string, resource: string): RbacRule[] =>
      rules.map((rule) =>
        rule.resources.includes(resource)
          ? { ...rule, verbs: rule.verbs.filter((one) => one !== verb) }
          : rule,
      );
    const role = (allowed: readonly RbacRule[]): object => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'headframe-test' },
      rules: allowed,
    });
    await apply(role(without('create', 'pods')));
    await apply({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'headframe-test' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'headframe-test' },
      subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'powerless' }],
    });
    const crds = await runProgram(['crds']).finished;
    assert.equal((await kubectl(['apply', '-f', '-'], crds.stdout)).code, 0);
    const operator = startOperator(controlPlane.kubeconfigFor('powerless'), ['--leader-election-id=least']);
    try {
      const containers = [{ name: 'm', image: 'example/idle:1' }];
      await untilPasses(() =>
        apply({
          apiVersion: 'headframe.dev/v1alpha1',
          kind: 'MinerPool',
          metadata: { name: 'modest', namespace: 'default' },
          spec: { replicas: 2, template: { spec: { containers } } },
        }),
      );
      const ready = ['get', 'mp', 'modest', '-o', 'jsonpath={.status.conditions[?(@.type=="Ready")]}'];
      await untilPasses(async () => {
        const { stdout } = await kubectl(ready);
        assert.match(stdout, /PodCreationFailed/);
        assert.match(stdout, /cannot create resource/);
      });

      await apply(role(rules));

      await untilPasses(async () => {
        const { stdout } = await kubectl(['get', 'pods', '-o', 'name']);
        assert.equal(stdout, 'pod/modest-0\npod/modest-1\n');
      });
      await untilPasses(async () => assert.match((await kubectl(ready)).stdout, /NoMatchingGPUs/));
      await untilPasses(async () => {
        const { stdout } = await kubectl(['get', 'events', '-o', 'jsonpath={.items[*].reason}']);
        assert.match(stdout, /PodCreationFailed/);
      });
    } finally {
      const { stderr } = await operator.end('SIGTERM');
      assert.doesNotMatch(stderr, /cannot (get|list|watch|patch|update|delete)/);
    }
  });
});
