import assert from 'node:assert/strict';
import { cp, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chartFolder } from '../../hack/install-manifest.ts';
import type { KubeObject } from '../../src/api/kube-object.ts';
import { startNodeAgent, type NodeAgent } from '../../src/devcluster/node-agent/node-agent.ts';
import { loadConnection } from '../../src/kube/kubeconfig.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { helm, release, type HelmResult } from '../support/chart.ts';
import { kubectlOf, type Kubectl } from '../support/kubectl.ts';
import { metricsOf, runProgram, type RunningProgram } from '../support/operator.ts';
import { type RbacRule, permissionUse } from '../support/rbac-rules.ts';
import { h100Node } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';
import { startAuditedControlPlane, type AuditedControlPlane } from './support/audited-control-plane.ts';

const NAMESPACE = 'headframe-system';
const top = fileURLToPath(new URL('../../', import.meta.url));

/**
 * What the chart allows and the scenario below does not ask for, and why it is allowed all the same. SECURITY.md has the same table.
 */
const allowedUnused: Readonly<Record<string, string>> = {
  'get pods': 'a pod’s name was taken a moment ago, and the watch has not shown by whom',
  'list computeclusters.headframe.dev': 'API servers that do not stream lists',
  'list controllerrevisions.apps': 'API servers that do not stream lists',
  'list minerpools.headframe.dev': 'API servers that do not stream lists',
  'list nodes': 'API servers that do not stream lists',
  'list pods': 'API servers that do not stream lists',
  'list stakeaccounts.headframe.dev': 'API servers that do not stream lists',
  'list stakingnetworks.headframe.dev': 'API servers that do not stream lists',
  'patch minerpools.headframe.dev': 'a pool gets its first place in another cluster',
  'patch stakeaccounts.headframe.dev': 'there is a StakeAccount',
  'patch stakeaccounts/status.headframe.dev': 'there is a StakeAccount',
  'create chaintransactions.headframe.dev': 'something is sent on a chain',
  'patch chaintransactions.headframe.dev': 'something is sent on a chain',
  'delete chaintransactions.headframe.dev': 'something is sent on a chain',
  'patch chaintransactions/status.headframe.dev': 'something is sent on a chain',
  'list chaintransactions.headframe.dev': 'API servers that do not stream lists',
  'patch stakingnetworks/status.headframe.dev': 'there is a StakingNetwork',
};

interface Role extends KubeObject {
  readonly rules: readonly RbacRule[];
}

interface OperatorDeployment extends KubeObject {
  readonly spec: { readonly template: { readonly spec: { readonly containers: { args: string[] }[] } } };
}

/*
 * The chart on a real API server. Nothing here can run its image: there is no kubelet. So the Deployment is installed with
 * no replicas, and the operator runs as a process with the Deployment's own arguments and a token of the chart's ServiceAccount:
 * what it may do is exactly what the chart allows.
 */
describe('the chart on a real control plane', function () {
  this.timeout(240_000);
  let audited: AuditedControlPlane;
  let agent: NodeAgent;
  let kubectl: Kubectl;
  const running: RunningProgram[] = [];

  before(async () => {
    audited = await startAuditedControlPlane(NAMESPACE);
    const { controlPlane } = audited;
    kubectl = kubectlOf({ path: controlPlane.kubectl, kubeconfig: controlPlane.kubeconfig });
    agent = await startNodeAgent({
      connection: await loadConnection({ kubeconfig: controlPlane.kubeconfig }),
      nodes: [h100Node('node-a')],
      log: silentLogger,
    });
  });
  after(async () => {
    await Promise.all(running.map((operator) => operator.end()));
    await agent.stop();
    await audited.stop();
  });

  async function run(args: readonly string[], input?: string | object): Promise<string> {
    const { code, stdout, stderr } = await kubectl(args, input);
    assert.equal(code, 0, `kubectl ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  const exists = async (...args: string[]): Promise<boolean> => (await kubectl(['get', ...args])).code === 0;

  async function runHelm(...args: string[]): Promise<HelmResult> {
    const home = join(audited.folder, 'helm');
    const flags = ['--kubeconfig', audited.controlPlane.kubeconfig, '--namespace', NAMESPACE];
    return helm([...args, ...flags], { HOME: home });
  }

  async function helmDoes(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await runHelm(...args);
    assert.equal(code, 0, `helm ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  /**
   * Uninstalls, the CRDs too. Not before their objects can be listed: kube-apiserver may forget for minutes to end a CRD that is deleted
   * while it is being set up.
   */
  async function uninstallWithCrds(): Promise<void> {
    const names = (await run(['get', 'crds', '-o', 'name'])).match(/[a-z]+\.headframe\.dev/g) ?? [];
    assert.equal(names.length, 5);
    await untilPasses(() => run(['get', names.join(), '--all-namespaces']));
    await helmDoes('uninstall', 'headframe', '--wait', '--timeout=170s');
  }

  async function deploymentArguments(): Promise<string[]> {
    const text = await run(['--namespace', NAMESPACE, 'get', 'deployment', 'headframe', '-o', 'json']);
    return (JSON.parse(text) as OperatorDeployment).spec.template.spec.containers[0]!.args;
  }

  /** Starts the operator as the chart's Deployment would, as a service account of its namespace. */
  async function startAs(serviceAccount: string, ...flags: string[]): Promise<RunningProgram> {
    const token = await run(['--namespace', NAMESPACE, 'create', 'token', serviceAccount]);
    const admin = await readFile(audited.controlPlane.kubeconfig, 'utf8');
    const kubeconfig = join(audited.folder, `${serviceAccount}.kubeconfig`);
    const own = admin
      .replace(/token: .*/, `token: ${token.trim()}`)
      .replace(/namespace: .*/, `namespace: ${NAMESPACE}`);
    await writeFile(kubeconfig, own, { mode: 0o600 });
    const operator = runProgram([
      ...(await deploymentArguments()),
      `--kubeconfig=${kubeconfig}`,
      '--metrics-bind-address=127.0.0.1:0',
      '--health-probe-bind-address=127.0.0.1:0',
      ...flags,
    ]);
    running.push(operator);
    return operator;
  }

  const userName = (serviceAccount: string): string => `system:serviceaccount:${NAMESPACE}:${serviceAccount}`;

  async function rulesOf(...roles: string[][]): Promise<RbacRule[]> {
    const texts = await Promise.all(roles.map((role) => run(['get', ...role, '-o', 'json'])));
    return texts.flatMap((text) => (JSON.parse(text) as Role).rules);
  }

  const chartRules = (): Promise<RbacRule[]> =>
    rulesOf(
      ['clusterrole', 'headframe'],
      ['--namespace', NAMESPACE, 'role', 'headframe-lease'],
      ['--namespace', NAMESPACE, 'role', 'headframe-kubeconfigs'],
      ['--namespace', NAMESPACE, 'role', 'headframe-usage'],
    );

  const pool = (name: string, spec: object = {}): object => ({
    apiVersion: 'headframe.dev/v1alpha1',
    kind: 'MinerPool',
    metadata: { name, namespace: 'default' },
    spec: {
      replicas: 2,
      revisionHistoryLimit: 0,
      gpus: { vendor: 'NVIDIA' },
      template: {
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'm', image: 'example/idle:1' }] },
      },
      ...spec,
    },
  });

  const patchPool = (name: string, spec: object): Promise<string> =>
    run(['patch', 'minerpool', name, '--type=merge', '--patch', JSON.stringify({ spec })]);

  async function podsAre(...names: string[]): Promise<void> {
    await untilPasses(async () => {
      const text = await run(['get', 'pods', '-l', 'headframe.dev/pool', '-o', 'name']);
      assert.deepEqual(
        text.split('\n').filter((line) => line !== ''),
        names.map((name) => `pod/${name}`),
      );
    });
  }

  async function readyIs(resource: string, pattern: RegExp): Promise<void> {
    const path = 'jsonpath={.status.conditions[?(@.type=="Ready")]}';
    await untilPasses(async () => assert.match(await run(['get', resource, '-o', path]), pattern));
  }

  describe('installed by Helm', () => {
    it('says what to do next, and its Helm secret has room to grow', async () => {
      const notes = await helmDoes(
        'install',
        'headframe',
        chartFolder,
        '--create-namespace',
        '--set=replicas=0',
        '--wait',
        '--timeout=170s',
      );

      assert.match(notes, /rollout status deployment\/headframe/);
      await run(['--namespace', NAMESPACE, 'rollout', 'status', 'deployment/headframe', '--timeout=170s']);
      const secret = await run([
        '--namespace',
        NAMESPACE,
        'get',
        'secret',
        'sh.helm.release.v1.headframe.v1',
        '-o',
        'jsonpath={.data.release}',
      ]);
      assert.ok(secret.length < 700_000, `of at most 1 MiB, ${secret.length} bytes are taken`);
    });

    it('the commands of its notes work', async () => {
      const notes = await helmDoes('get', 'notes', 'headframe');
      const manifest = /<<'EOF'\n([\s\S]*?)\n *EOF\n/.exec(notes)?.[1];
      assert.ok(manifest !== undefined);

      await run(['apply', '-f', '-'], manifest.replaceAll(/^ {5}/gm, ''));
      await run(['explain', 'minerpool.spec']);
      await run(['get', 'minerpools', '--all-namespaces']);
      assert.match(await run(['get', 'computeclusters']), /^local /m);
    });

    it('its permissions are what the operator needs: nothing is refused, nothing is unused', async () => {
      const operator = await startAs('headframe', '--usage-checkpoint-seconds=1');
      await readyIs('computecluster/local', /"status":"True"/);
      // With the class of the notes kube-scheduler would push guests out before Headframe can give them notice.
      const often = { spec: { usage: { intervalSeconds: 5 }, guestPriorityClassName: null } };
      await run(['patch', 'computecluster', 'local', '--type=merge', '--patch', JSON.stringify(often)]);

      // Every act of the operator at least once.
      await run(['apply', '-f', '-'], pool('working'));
      await readyIs('minerpool/working', /"status":"True"/);
      await podsAre('working-0', 'working-1');
      for (const replicas of [3, 2, 3, 2]) {
        await run(['scale', 'minerpool/working', `--replicas=${replicas}`]);
        await podsAre(...['working-0', 'working-1', 'working-2'].slice(0, replicas));
        await readyIs('minerpool/working', /"status":"True"/);
      }
      const template = (image: string): object => ({
        template: { spec: { containers: [{ name: 'm', image }] } },
      });
      await patchPool('working', template('example/idle:2'));
      await untilPasses(async () => {
        const images = await run(['get', 'pods', '-o', 'jsonpath={.items[*].spec.containers[0].image}']);
        assert.equal(images, 'example/idle:2 example/idle:2');
      });
      await untilPasses(async () => {
        const revisions = await run(['get', 'controllerrevisions', '-o', 'name']);
        assert.match(revisions, /^\S+\n$/, 'the old revision goes');
      });
      await patchPool('working', { suspend: true });
      await podsAre();
      await patchPool('working', { suspend: false });
      await podsAre('working-0', 'working-1');
      await giveNotice();
      await meetWhatOthersLeft();
      await meetAnotherCluster();
      const ledgerVersion = (): Promise<string> =>
        run([
          '--namespace',
          NAMESPACE,
          'get',
          'configmap',
          'headframe-usage-local',
          '-o',
          'jsonpath={.metadata.resourceVersion}',
        ]);
      const first = await untilPasses(ledgerVersion);
      await untilPasses(async () => assert.notEqual(await ledgerVersion(), first));
      await run(['delete', 'minerpools', '--all', '--timeout=170s']);

      const metrics = await metricsOf(operator);
      const { code, stderr } = await operator.end('SIGTERM');
      assert.equal(code, 0, stderr);
      assert.match(metrics, /^rest_client_requests_total\{.*code="20[01]"/m);
      assert.doesNotMatch(metrics, /^rest_client_requests_total\{.*code="40[13]"/m);
      const use = permissionUse(await chartRules(), await audited.auditEvents(), userName('headframe'));
      assert.deepEqual(use.refused, []);
      assert.deepEqual(use.unused, Object.keys(allowedUnused).sort());
    });

    /** A pod of the owner wants more GPUs than guests leave free; then it is gone, and they may stay. */
    async function giveNotice(): Promise<void> {
      const limits = { 'nvidia.com/gpu': '7' };
      const containers = [{ name: 'm', image: 'example/idle:1', resources: { limits } }];
      const metadata = { name: 'owners', namespace: 'default' };
      const notices = (): Promise<string> =>
        run(['get', 'pods', '-o', 'jsonpath={.items[*].metadata.annotations.headframe\\.dev/leave-at}']);
      await run(['apply', '-f', '-'], { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers } });
      await untilPasses(async () => assert.match(await notices(), /^\S+Z$/, 'one of two is enough'));
      await run(['delete', 'pod', 'owners', '--now']);
      await untilPasses(async () => assert.equal(await notices(), ''));
    }

    /** Names that are taken: by a pod of somebody else, and by a revision that does not carry our label any more. */
    async function meetWhatOthersLeft(): Promise<void> {
      const containers = [{ name: 'm', image: 'example/idle:1' }];
      const metadata = { name: 'taken-0', namespace: 'default' };
      await run(['apply', '-f', '-'], { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers } });
      await run(['apply', '-f', '-'], pool('taken', { replicas: 1 }));
      await readyIs('minerpool/taken', /taken-0/);
      const [revision = ''] = (await run(['get', 'controllerrevisions', '-o', 'name'])).split('\n');
      await run(['label', revision, 'app.kubernetes.io/managed-by-']);
      await patchPool('working', { replicas: 1 });
      await untilPasses(async () => {
        const { used } = permissionUse([], await audited.auditEvents(), userName('headframe'));
        assert.ok(used.includes('get controllerrevisions.apps'), used.join());
      });
    }

    /** The same one, by a kubeconfig in a Secret. */
    async function meetAnotherCluster(): Promise<void> {
      const kubeconfig = `--from-file=kubeconfig=${audited.controlPlane.kubeconfig}`;
      await run(['--namespace', NAMESPACE, 'create', 'secret', 'generic', 'again', kubeconfig]);
      await run(['apply', '-f', '-'], {
        apiVersion: 'headframe.dev/v1alpha1',
        kind: 'ComputeCluster',
        metadata: { name: 'younger' },
        spec: { connection: { type: 'Kubeconfig', kubeconfig: { secretRef: { name: 'again' } } } },
      });
      await readyIs('computecluster/younger', /DuplicateCluster/);
      await run(['delete', 'computecluster', 'younger']);
    }

    it('a permission less is noticed', async () => {
      const [own, cluster] = await Promise.all([
        rulesOf(
          ['--namespace', NAMESPACE, 'role', 'headframe-lease'],
          ['--namespace', NAMESPACE, 'role', 'headframe-usage'],
        ),
        rulesOf(['clusterrole', 'headframe']),
      ]);
      const less = cluster.map((rule) =>
        rule.resources.includes('pods')
          ? { ...rule, verbs: rule.verbs.filter((verb) => verb !== 'create') }
          : rule,
      );
      await run(['--namespace', NAMESPACE, 'create', 'serviceaccount', 'weaker']);
      await run(['apply', '-f', '-'], {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: 'weaker' },
        rules: [...less, ...own],
      });
      const subject = `--serviceaccount=${NAMESPACE}:weaker`;
      await run(['create', 'clusterrolebinding', 'weaker', '--clusterrole=weaker', subject]);
      const operator = await startAs('weaker');
      await run(['apply', '-f', '-'], pool('doomed', { replicas: 1 }));

      await readyIs('minerpool/doomed', /PodCreationFailed/);

      const metrics = await metricsOf(operator);
      await operator.end('SIGTERM');
      assert.match(metrics, /^rest_client_requests_total\{.*code="403"/m);
      const use = permissionUse(less, await audited.auditEvents(), userName('weaker'));
      assert.deepEqual(use.refused, ['create pods']);
    });

    it('view, edit and admin of a namespace have the like for our kinds', async () => {
      const table: [role: string, verb: string, resource: string, allowed: boolean][] = [
        ['view', 'list', 'minerpools', true],
        ['view', 'get', 'minerpools/status', true],
        ['view', 'create', 'minerpools', false],
        ['view', 'list', 'secrets', false],
        ['edit', 'create', 'minerpools', true],
        ['edit', 'patch', 'minerpools/scale', true],
        ['edit', 'patch', 'minerpools/status', false],
        ['edit', 'create', 'computeclusters', false],
        ['admin', 'delete', 'minerpools', true],
        ['admin', 'create', 'computeclusters', true],
      ];
      for (const role of ['view', 'edit', 'admin']) {
        await run([
          'create',
          'clusterrolebinding',
          `test-${role}`,
          `--clusterrole=${role}`,
          `--user=test-${role}`,
        ]);
      }
      for (const [role, verb, resource, allowed] of table) {
        // Aggregated roles are filled in by a controller.
        await untilPasses(async () => {
          const [type = '', subresource = ''] = resource.split('/');
          const who = [`--as=test-${role}`, `--subresource=${subresource}`];
          const { stdout } = await kubectl(['auth', 'can-i', verb, type, ...who]);
          assert.equal(stdout.trim(), allowed ? 'yes' : 'no', `${role} ${verb} ${resource}`);
        }, 20_000);
      }
    });

    it('upgrades its CRDs in place: pools stay', async () => {
      const copy = join(audited.folder, 'newer');
      await cp(chartFolder, copy, { recursive: true });
      const crd = join(copy, 'templates', 'crds', 'minerpools.yaml');
      const text = await readFile(crd, 'utf8');
      const changed = text.replace(/( {6,}openAPIV3Schema:\n\s+description: ).*/, '$1A newer word.');
      assert.notEqual(changed, text);
      await writeFile(crd, changed);
      const uid = await run(['get', 'minerpool', 'doomed', '-o', 'jsonpath={.metadata.uid}']);

      await helmDoes('upgrade', 'headframe', copy, '--set=replicas=0', '--wait', '--timeout=170s');

      await untilPasses(async () => assert.match(await run(['explain', 'minerpool']), /A newer word\./));
      assert.equal(await run(['get', 'minerpool', 'doomed', '-o', 'jsonpath={.metadata.uid}']), uid);
    });

    it('uninstalls: CRDs and pools are kept, the rest goes, and a later install takes them again', async () => {
      await helmDoes('uninstall', 'headframe', '--wait', '--timeout=170s');

      assert.ok(await exists('minerpool', 'doomed'));
      assert.ok(await exists('crd', 'minerpools.headframe.dev', 'computeclusters.headframe.dev'));
      for (const role of ['headframe', 'headframe-view', 'headframe-edit', 'headframe-admin']) {
        assert.ok(!(await exists('clusterrole', role)), role);
      }
      assert.ok(!(await exists('clusterrolebinding', 'headframe')));
      assert.equal(
        await run(['--namespace', NAMESPACE, 'get', 'deployments,roles,rolebindings,services', '-o', 'name']),
        '',
      );

      await helmDoes('install', 'headframe', chartFolder, '--set=replicas=0', '--set=crds.keep=false');
      await uninstallWithCrds();
      assert.ok(!(await exists('crd', 'minerpools.headframe.dev')), 'crds.keep=false deletes them');
    });

    it('takes over CRDs that kubectl installed, when told to', async () => {
      await run(['apply', '--server-side', '-f', join(top, 'crds')]);

      const refused = await runHelm('install', 'headframe', chartFolder, '--set=replicas=0');
      assert.notEqual(refused.code, 0);
      assert.match(refused.stderr, /cannot be imported into the current release|conflict/);
      await helmDoes(
        'install',
        'headframe',
        chartFolder,
        '--set=replicas=0',
        '--take-ownership',
        '--force-conflicts',
        '--set=crds.keep=false',
      );
      await uninstallWithCrds();
    });
  });

  describe('every object that values can make', () => {
    async function dryRun(...args: string[]): Promise<string> {
      const objects = await release({ namespace: 'default', args, crds: true });
      // Its CRD is the Prometheus operator's.
      const known = objects.filter(({ kind }) => kind !== 'ServiceMonitor');
      const items = known.map((object) =>
        object.metadata.namespace === undefined
          ? object
          : { ...object, metadata: { ...object.metadata, namespace: 'default' } },
      );
      const { code, stderr } = await kubectl(
        ['apply', '--server-side', '--dry-run=server', '--validate=strict', '--namespace=default', '-f', '-'],
        { apiVersion: 'v1', kind: 'List', items },
      );
      assert.equal(code, 0, `${args.join(' ')}: ${stderr}`);
      return stderr;
    }

    it('is taken by the API server: no unknown field, nothing that the restricted Pod Security Standard forbids', async () => {
      await run(['label', 'namespace', 'default', 'pod-security.kubernetes.io/warn=restricted']);
      const folder = join(chartFolder, 'ci');
      for (const file of await readdir(folder)) {
        assert.doesNotMatch(await dryRun(`--values=${join(folder, file)}`), /Warning/, file);
      }
      assert.match(await dryRun('--set=securityContext=null'), /Warning: would violate PodSecurity/);
    });
  });

  describe('manifests/install.yaml', () => {
    it('is installed by kubectl alone, again and again, and its operator may do its work', async () => {
      const install = ['apply', '--server-side', '-f', join(top, 'manifests', 'install.yaml')];
      await untilPasses(() => run(install));
      await run(['--namespace', NAMESPACE, 'scale', 'deployment/headframe', '--replicas=0']);
      const operator = await startAs('headframe');

      await untilPasses(() => run(['apply', '-f', '-'], pool('plain', { replicas: 1 })));
      await readyIs('minerpool/plain', /"status":"True"/);

      await operator.end('SIGTERM');
    });
  });
});
