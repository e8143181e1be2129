import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Leases, Nodes, Pods, Secrets } from '../../src/api/builtin.ts';
import { installedCrds, removeCrds } from '../../src/commands/demo/install-crds.ts';
import { loadConnection } from '../../src/kube/kubeconfig.ts';
import { createTransport } from '../../src/kube/transport.ts';
import { systemClock } from '../../src/time/clock.ts';
import { untilPasses } from '../support/until-passes.ts';
import { anvilAccount } from '../support/anvil-account.ts';
import { searchForCanaries } from '../support/canaries.ts';
import { kubectlOf, type Kubectl } from '../support/kubectl.ts';
import { kubernetesTools } from '../support/kubernetes-tools.ts';
import { runProgram, type RunningProgram } from '../support/operator.ts';
import { searchObjects } from '../support/search-objects.ts';
import { clusterKind, startTestCluster } from '../support/test-cluster.ts';

/** Processes that have to do with a folder: it is in their command line, their environment, or where they are. */
async function processesOf(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const read = (file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    const command = await read('cmdline');
    if (Number(pid) !== process.pid && `${command}\0${await read('environ')}\0${cwd}`.includes(folder)) {
      found.push(`${pid} ${command.replaceAll('\0', ' ')}`);
    }
  }
  return found;
}

/** The account of the demo's provider: the demo writes its key into a Secret. */
const PROVIDER = 2;

/** Searches what the demo's operator has logged and written, before all that is thrown away. */
async function searchDemo(folder: string, kubeconfig: string): Promise<void> {
  const logs = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('operator.log'));
  assert.notDeepEqual(logs, []);
  for (const name of logs) {
    searchForCanaries("the log of the demo's operator", await readFile(join(folder, name), 'utf8'));
  }
  const transport = createTransport(await loadConnection({ kubeconfig }), { clock: systemClock });
  await searchObjects(transport).finally(() => transport.close());
}

const onThisKind = `--control-plane=${clusterKind}`;

describe(`headframe demo on the ${clusterKind} control plane`, function () {
  this.timeout(180_000);
  let folder: string;
  let demo: RunningProgram | undefined;
  let kubeconfig: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headframe-demo-test-'));
  });
  afterEach(async () => {
    await demo?.end('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  /** Starts the demo with all its files under `folder`; resolves with the kubectl that the demo names. */
  async function start(): Promise<Kubectl> {
    const running = runProgram(['demo', onThisKind], { ...process.env, TMPDIR: folder });
    demo = running;
    const [file, path] = await untilPasses(() => {
      const hints = running.stdout();
      const file = /export KUBECONFIG=(\S+)/.exec(hints)?.[1];
      const program = /^ {2}(\S*kubectl) get/m.exec(hints)?.[1];
      assert.ok(file !== undefined && program !== undefined, running.stderr());
      return [file, program] as const;
    }, 120_000);
    // With the embedded control plane comes no kubectl: the demo tells its user to take their own.
    const own = path === 'kubectl' ? (await kubernetesTools()).kubectl : path;
    kubeconfig = file;
    return kubectlOf({ path: own, kubeconfig });
  }

  it('serves a stock kubectl, and leaves no process behind after Ctrl-C', async () => {
    const kubectl = await start();
    const ok = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await kubectl(args);
      assert.equal(code, 0, `kubectl ${args.join(' ')}: ${stderr}`);
      return stdout;
    };

    await ok('wait', 'minerpool/h100-miners', '--for=condition=Ready', '--timeout=60s');
    assert.match(await ok('get', 'minerpools'), /^NAME +READY +REPLICAS +READYREPLICAS +GPUS +REASON +AGE/);
    assert.match(await ok('get', 'mp', 'h100-miners'), /h100-miners +True +4 +4 +4 +AllReplicasReady/);
    assert.match(await ok('get', 'headframe'), /minerpool\.headframe\.dev\/a100-miners/);
    assert.match(await ok('get', 'cc', 'local'), /local +True +5 +23/);
    assert.match(
      await ok('describe', 'minerpool', 'h100-miners'),
      /Reason: +AllReplicasReady[\s\S]*PodsCreated/,
    );
    assert.match(await ok('explain', 'minerpool.spec.template.spec'), /containers\s+<\[\]Object> -required-/);

    await ok('scale', 'minerpool', 'h100-miners', '--replicas=6');
    await ok('wait', 'minerpool/h100-miners', '--for=condition=Ready', '--timeout=60s');
    const selector = ['-l', 'headframe.dev/pool=h100-miners'];
    assert.equal((await ok('get', 'pods', ...selector, '--no-headers')).trim().split('\n').length, 6);

    process.env['KUBE_EDITOR'] = "sed -i 's/replicas: 6/replicas: 5/'";
    assert.match(await ok('edit', 'minerpool', 'h100-miners'), /edited/);
    await ok('wait', 'minerpool/h100-miners', '--for=condition=Ready', '--timeout=60s');
    assert.equal((await ok('get', 'pods', ...selector, '--no-headers')).trim().split('\n').length, 5);

    await untilPasses(async () => assert.match(await ok('logs', 'h100-miners-4'), /"message"/));
    const image = 'jsonpath={.spec.containers[0].image}';
    const patch = '{"spec":{"template":{"spec":{"terminationGracePeriodSeconds":3}}}}';
    await ok('patch', 'minerpool', 'h100-miners', '--type=merge', '-p', patch);
    await ok('wait', 'minerpool/h100-miners', '--for=condition=Ready', '--timeout=90s');
    assert.match(await ok('get', 'pod', 'h100-miners-0', '-o', image), /reference-miner/);

    await ok('delete', 'minerpool', 'h100-miners', '--wait=true');
    await untilPasses(async () => assert.equal(await ok('get', 'pods', ...selector, '--no-headers'), ''));

    assert.ok((await processesOf(folder)).length > 0, 'the search for processes finds the demo');
    const { code, stderr } = await demo!.end('SIGINT');
    assert.equal(code, 0, stderr);
    assert.deepEqual(await processesOf(folder), []);
    assert.deepEqual(await readdir(folder), []);
  });

  it('shows what limits a pool that is scaled above its stake', async () => {
    const kubectl = await start();
    const ok = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await kubectl(args);
      assert.equal(code, 0, `kubectl ${args.join(' ')}: ${stderr}`);
      return stdout;
    };

    await ok('wait', 'mp/staked', '--for=condition=Ready', '--timeout=60s');
    // A duty that is under way makes it unready for a moment.
    await untilPasses(async () =>
      assert.match(
        await ok('get', 'stk', 'devnet-miners'),
        /devnet-miners +True +devnet +300 +300 +3 +[\d.]+ +AsWanted/,
      ),
    );
    assert.match(await ok('get', 'snet', 'devnet'), /devnet +True +31337 +HFT +\d/);
    await ok('scale', 'mp/staked', '--replicas=9');
    await untilPasses(async () => {
      const described = await ok('describe', 'mp/staked');
      assert.match(
        described,
        /Message: +the stake covers 6 of 9 replicas: 600 tokens are provisioned, each replica needs 100\s+Observed Generation: +\d+\s+Reason: +StakeInsufficient\s+Status: +False\s+Type: +StakeSufficient/,
      );
      const pods = await ok('get', 'pods', '-l', 'headframe.dev/pool=staked', '--no-headers');
      assert.equal(pods.match(/ Running /g)?.length, 6);
    });
    await untilPasses(async () =>
      assert.match(
        await ok('describe', 'stk', 'devnet-miners'),
        /900 HFT are wanted, and spec\.stake\.max allows 600 HFT/,
      ),
    );
    anvilAccount(PROVIDER);
    await searchDemo(folder, kubeconfig);
  });

  it('leaves no process behind when it is killed', async () => {
    const kubectl = await start();
    await untilPasses(async () => {
      const { stdout } = await kubectl(['get', 'pods', '--no-headers']);
      assert.match(stdout, /Running/);
    });
    assert.match((await processesOf(folder)).join('\n'), /anvil/);

    await demo!.end('SIGKILL');

    await untilPasses(async () => assert.deepEqual(await processesOf(folder), []), 30_000);
    await untilPasses(async () => assert.deepEqual(await readdir(folder), []), 30_000);
  });

  it('--check waits for health, prints one line of JSON and ends', async () => {
    const { code, stdout, stderr } = await runProgram(['demo', onThisKind, '--check'], {
      ...process.env,
      TMPDIR: folder,
    }).finished;

    assert.equal(code, 0, stderr);
    const lines = stdout.trim().split('\n');
    assert.equal(lines.length, 1);
    const health = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
    assert.equal(health['healthy'], true);
    // Those of the second cluster are not among them.
    assert.equal(health['runningPods'], 10);
    assert.equal(health['clusters'], 2);
    assert.deepEqual(health['placed'], { local: 1, 'partner-university': 3 });
    assert.equal(health['cheapestFirst'], true);
    const stake = health['stake'] as Record<string, unknown>;
    assert.deepEqual([stake['provisioned'], stake['required'], stake['registered']], ['300', '300', 3]);
    assert.equal(Number(stake['epochsCheckedIn']) >= 2, true, stdout);
    assert.equal(Number(stake['rewardsClaimed']) >= 1, true, stdout);
    assert.deepEqual(stake['missing'], []);
    assert.deepEqual(await processesOf(folder), []);
  });

  it('borrows a cluster, refuses one that has Headframe, and takes with it what it brought', async () => {
    const cluster = await startTestCluster({ nodes: [] });
    const args = ['demo', `--kubeconfig=${cluster.kubeconfig}`, '--check'];
    const env = { ...process.env, TMPDIR: folder };
    try {
      const refused = await runProgram(args, env).finished;
      assert.equal(refused.code, 2, refused.stderr);
      assert.match(
        refused.stderr,
        /has Headframe already \(chaintransactions\.headframe\.dev, computeclusters/,
      );

      await removeCrds(cluster.client);
      await untilPasses(async () => assert.deepEqual(await installedCrds(cluster.client), []));
      const { code, stdout, stderr } = await runProgram(args, env).finished;

      assert.equal(code, 0, stderr);
      assert.match(stdout, /"healthy":true/);
      // The real server empties a definition's storage first, after it has answered.
      await untilPasses(async () => assert.deepEqual(await installedCrds(cluster.client), []));
      assert.deepEqual((await cluster.client.list(Nodes)).items, []);
      assert.deepEqual((await cluster.client.list(Pods)).items, []);
      assert.deepEqual((await cluster.client.list(Secrets, { namespace: 'default' })).items, []);
      assert.deepEqual((await cluster.client.list(Leases, { namespace: 'kube-node-lease' })).items, []);
    } finally {
      await cluster.stop();
    }
  });
});
