import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { Nodes, Secrets } from '../../src/api/builtin.ts';
import { type ComputeCluster, ComputeClusters } from '../../src/api/compute-cluster.ts';
import { findCondition } from '../../src/api/conditions.ts';
import type { Manifest } from '../../src/api/kube-object.ts';
import { createOperator } from '../../src/commands/operator-parts.ts';
import type { Manager } from '../../src/controller/manager.ts';
import { startFaultProxy, type FaultProxy } from '../../src/devcluster/fault-proxy/fault-proxy.ts';
import { kubeMetrics } from '../../src/kube/metrics.ts';
import type { LogFields, Logger } from '../../src/telemetry/logger.ts';
import { createRegistry } from '../../src/telemetry/metrics-registry.ts';
import { canary } from '../support/canaries.ts';
import { clusterKind, startTestCluster, type TestCluster } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';
import { gpuNode } from '../support/pool-objects.ts';

/** Stands in kubeconfigs where a credential does; it may be seen nowhere else. */
const CANARY = canary('a credential', 'canary-of-a-credential');
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe(`member clusters, on ${clusterKind} API servers`, function () {
  this.timeout(120_000);
  let home: TestCluster;
  let away: TestCluster;
  let proxy: FaultProxy;
  let manager: Manager;
  let running: Promise<unknown>;
  const stop = new AbortController();
  const lines: string[] = [];
  const registry = createRegistry({ version: 'test' });

  before(async () => {
    // Nobody sends heartbeats for the nodes.
    const options = { nodes: [], nodeMonitorGraceSeconds: 3600 };
    [home, away] = await Promise.all([startTestCluster(options), startTestCluster(options)]);
    proxy = await startFaultProxy({ target: away.connection });
    await addNode('far-a');
    manager = createOperator({
      transport: home.transport,
      kubeMetrics: kubeMetrics(registry),
      registry,
      log: logger({}),
      lease: undefined,
      drainTimeoutSeconds: 5,
      secretPace: { rereadMs: 500, retryMs: 200 },
    });
    running = manager.run(stop.signal);
  });
  after(async () => {
    stop.abort();
    await running;
    await proxy.stop();
    await Promise.all([home.stop(), away.stop()]);
  });

  /** Everything that is logged, as JSON lines, errors with their causes. */
  function logger(common: LogFields): Logger {
    const write = (message: string, fields: LogFields = {}): void => {
      const error = fields['error'] instanceof Error ? String(fields['error'].stack) : '';
      lines.push(`${message} ${JSON.stringify({ ...common, ...fields })} ${error}`);
    };
    return {
      debug: write,
      info: write,
      warn: write,
      error: write,
      with: (more) => logger({ ...common, ...more }),
    };
  }

  async function addNode(name: string): Promise<void> {
    const { metadata, status, ...rest } = gpuNode(name);
    const { labels = {} } = metadata;
    await away.client.create(Nodes, { ...rest, metadata: { name, labels } });
    // The node controllers write as well.
    await untilPasses(async () => {
      const node = await away.client.get(Nodes, { name });
      await away.client.patchStatus(Nodes, node, status ?? {});
    });
  }

  async function putSecret(name: string, text: string, key = 'kubeconfig'): Promise<void> {
    const metadata = { name, namespace: 'default' };
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata, data: { [key]: base64(text) } };
    await home.client.apply(Secrets, secret, { force: true });
  }

  async function putCluster(name: string, secret = name): Promise<void> {
    const connection = { type: 'Kubeconfig', kubeconfig: { secretRef: { name: secret } } };
    await home.client.apply(
      ComputeClusters,
      {
        apiVersion: 'headframe.dev/v1alpha1',
        kind: 'ComputeCluster',
        metadata: { name },
        spec: { connection, reserve: 2 },
      } as unknown as Manifest<ComputeCluster>,
      { force: true },
    );
  }

  const removeCluster = (name: string): Promise<void> => home.client.delete(ComputeClusters, { name });

  interface Seen {
    readonly ready: string;
    readonly reachable: string;
    readonly message: string;
    readonly counts: string;
  }

  async function see(name: string): Promise<Seen> {
    const { status } = await home.client.get(ComputeClusters, { name });
    const said = (type: string): string => {
      const found = findCondition(status?.conditions, type);
      return `${found?.status} ${found?.reason}`;
    };
    const { allocatable, free, freeForGuests } = status?.totals ?? {};
    return {
      ready: said('Ready'),
      reachable: said('Reachable'),
      message: findCondition(status?.conditions, 'Ready')?.message ?? '',
      counts: `${freeForGuests} of ${free} free, ${allocatable} in all`,
    };
  }

  async function becomes(
    name: string,
    expected: Partial<Omit<Seen, 'message'>>,
    message = /(?:)/,
  ): Promise<void> {
    await untilPasses(async () => {
      const { message: text, ...seen } = await see(name);
      assert.deepEqual({ ...seen, ...expected }, seen, text);
      assert.match(text, message);
    }, 20_000);
  }

  const well = { ready: 'True InventoryKnown', reachable: 'True Reachable' };

  it('shows the inventory of a member, and follows it', async () => {
    await putSecret('far', proxy.kubeconfig);
    await putCluster('far');
    await becomes('far', { ...well, counts: '6 of 8 free, 8 in all' });

    await addNode('far-b');
    await becomes('far', { ...well, counts: '14 of 16 free, 16 in all' });
  });

  it('counts nothing free of a member that is away, and all again when it is back; the operator stays ready', async () => {
    await proxy.refuse();
    const gone = { ready: 'False Unreachable', reachable: 'False Unreachable' };
    await becomes(
      'far',
      { ...gone, counts: '0 of 0 free, 16 in all' },
      /nothing listens there|the connection was cut/,
    );
    assert.deepEqual(manager.readiness(), []);

    await proxy.heal();
    await becomes('far', { ...well, counts: '14 of 16 free, 16 in all' });
  });

  it('says that credentials are refused, and takes new ones from the Secret', async () => {
    const token = /token: (\S+)/.exec(proxy.kubeconfig)?.[1] ?? '';
    await putSecret('far', proxy.kubeconfig.replace(token, CANARY));
    await becomes(
      'far',
      { ready: 'False Unreachable', counts: '0 of 0 free, 16 in all' },
      /401 Unauthorized/,
    );
    const before = proxy.record.length;

    await putSecret('far', proxy.kubeconfig);
    await becomes('far', { ...well, counts: '14 of 16 free, 16 in all' });
    assert.ok(proxy.record.length > before);
  });

  const broken: readonly { what: string; change: (text: string) => string; reason: string; says: RegExp }[] =
    [
      {
        what: 'a credential plugin',
        change: (text) => text.replace(/token: \S+/, `exec: { command: ${CANARY}, apiVersion: v1 }`),
        reason: 'KubeconfigInvalid',
        says: /users\[".*"\]\.user\.exec of key kubeconfig of Secret default\/broken is not allowed/,
      },
      {
        what: 'text that is not YAML',
        change: () => `{{{ ${CANARY}`,
        reason: 'KubeconfigInvalid',
        says: /^key kubeconfig of Secret default\/broken is not YAML \(line 1\)$/,
      },
      {
        what: 'the wrong certificate authority',
        change: (text) =>
          text
            .replace(/certificate-authority-data: \S+/, `certificate-authority-data: ${otherAuthority}`)
            .replace(/token: \S+/, `token: ${CANARY}`),
        reason: 'Unreachable',
        says: /signed by .*not by the configured authority|not signed by the configured authority/,
      },
    ];
  let otherAuthority = '';

  it('says what is wrong with a Secret, and takes it once it is mended', async () => {
    otherAuthority =
      /certificate-authority-data: (\S+)/.exec(await readFile(home.kubeconfig, 'utf8'))?.[1] ?? '';
    await putCluster('broken');
    await becomes('broken', { ready: 'False SecretNotFound' }, /there is no Secret default\/broken/);
    await putSecret('broken', CANARY, 'config');
    await becomes('broken', { ready: 'False SecretNotFound' }, /there is no key kubeconfig of Secret/);
    for (const { what, change, reason, says } of broken) {
      await putSecret('broken', change(proxy.kubeconfig));
      await becomes('broken', { ready: `False ${reason}`, counts: '0 of 0 free, 0 in all' }, says).catch(
        (error: unknown) => {
          throw new Error(what, { cause: error });
        },
      );
    }
  });

  it('counts a cluster once: of two the older', async () => {
    // Creation times have whole seconds.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await putCluster('again', 'far');
    await becomes(
      'again',
      { ready: 'False DuplicateCluster', reachable: 'True Reachable', counts: '0 of 0 free, 0 in all' },
      /same cluster as ComputeCluster far, which is older/,
    );
    await becomes('far', well);

    await removeCluster('far');
    await becomes('again', { ...well, counts: '14 of 16 free, 16 in all' });
  });

  it('knows the cluster in which it runs', async () => {
    await home.client.create(ComputeClusters, {
      apiVersion: 'headframe.dev/v1alpha1',
      kind: 'ComputeCluster',
      metadata: { name: 'local' },
      spec: {},
    } as unknown as Manifest<ComputeCluster>);
    await becomes('local', { ready: 'True NoGPUs', reachable: 'True Reachable' });
    await putSecret('broken', await readFile(home.kubeconfig, 'utf8'));
    // Older than `local`, which therefore gives way.
    await becomes('local', { ready: 'False DuplicateCluster' }, /ComputeCluster broken/);
  });

  it('hangs up when the ComputeCluster is deleted', async () => {
    assert.ok(proxy.record.some(isOpen));
    await removeCluster('again');
    await untilPasses(() => assert.deepEqual(proxy.record.filter(isOpen), []));
    const asked = proxy.record.length;

    await addNode('far-c');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(proxy.record.length, asked);
  });

  it('shows no credential in status, events, logs or metrics, and stops without delay', async () => {
    const token = /token: (\S+)/.exec(proxy.kubeconfig)?.[1] ?? CANARY;
    await proxy.refuse();
    stop.abort();
    await running;

    const events = await home.kubectl(['get', 'events', '-A', '-o', 'json']);
    const clusters = await home.kubectl(['get', 'computeclusters', '-o', 'json']);
    assert.match(events.stdout, /KubeconfigInvalid/);
    const all = [events.stdout, clusters.stdout, lines.join('\n'), await registry.metrics()].join('\n');
    assert.match(all, /connecting to a member cluster/);
    for (const secret of [CANARY, base64(CANARY), token]) {
      assert.ok(!all.includes(secret));
    }
  });

  function isOpen({ verb, endedAt }: { verb: string; endedAt?: number | undefined }): boolean {
    return verb === 'watch' && endedAt === undefined;
  }
});
