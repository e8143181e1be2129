import assert from 'node:assert/strict';
import { type Secret, Secrets } from '../../src/api/builtin.ts';
import { findCondition } from '../../src/api/conditions.ts';
import type { Manifest } from '../../src/api/kube-object.ts';
import { type StakeAccount, StakeAccounts } from '../../src/api/stake-account.ts';
import { type StakingNetwork, StakingNetworks } from '../../src/api/staking-network.ts';
import { deployNetwork, type NetworkAddresses } from '../../src/devcluster/local-chain/deploy.ts';
import { type LocalChain, startLocalChain } from '../../src/devcluster/local-chain/local-chain.ts';
import { canary } from '../support/canaries.ts';
import { type ScriptedApiServer, startScriptedApiServer } from '../support/scripted-api-server.ts';
import { metricsOf, startOperator, type RunningProgram } from '../support/operator.ts';
import { clusterKind, startTestCluster, type TestCluster } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';

/** In the path of every URL in a Secret: never to be seen. */
const CANARY = canary('the token of a URL', 'hunter2CanarySecret');

const DAY = 86_400n;
const TOKEN = 10n ** 18n;

/** What a node of a chain answers, from behind a server that a test can turn into anything. */
interface Gateway {
  readonly server: ScriptedApiServer;
  /** How many JSON-RPC calls came. */
  readonly calls: () => number;
  /** Passes everything on to the chain. */
  pass(): void;
}

describe(`staking networks on the ${clusterKind} API server`, function () {
  this.timeout(180_000);
  let cluster: TestCluster;
  let operator: RunningProgram;
  let chain: LocalChain;
  let at: NetworkAddresses;
  const gateways: Gateway[] = [];

  before(async () => {
    [cluster, chain] = await Promise.all([
      startTestCluster({ nodes: [] }),
      startLocalChain({ blockTimeSeconds: 1 }),
    ]);
    operator = startOperator(cluster.kubeconfig);
    const [from = ''] = chain.accounts;
    at = await deployNetwork({
      rpc: chain.rpc,
      from,
      roles: { governor: from, guardian: from, slasher: from, poster: from },
      parameters: {
        maxThawingPeriod: 28n * DAY,
        terms: {
          stakePerUnit: 100n * TOKEN,
          stakePerMiner: TOKEN / 2n,
          minThawingPeriod: DAY,
          minVerifierCut: 100_000n,
        },
        epochLength: 3600n,
        challengeDelay: 600n,
      },
    });
  });
  after(async () => {
    await operator.end();
    await Promise.all(gateways.map(({ server }) => server.close()));
    await chain.stop();
    await cluster.stop();
  });

  async function gateway(): Promise<Gateway> {
    let calls = 0;
    const pass = (): void =>
      server.answer(async ({ body }, response) => {
        const asked = JSON.parse(body) as unknown;
        calls += Array.isArray(asked) ? asked.length : 1;
        const answer = await fetch(chain.url, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body,
        });
        response.writeHead(200, { 'Content-Type': 'application/json' }).end(await answer.text());
      });
    const server = await startScriptedApiServer(() => undefined);
    pass();
    const made = { server, calls: () => calls, pass };
    gateways.push(made);
    return made;
  }

  async function create(name: string, spec: object): Promise<void> {
    await cluster.client.create(StakingNetworks, {
      apiVersion: 'headframe.dev/v1alpha1',
      kind: 'StakingNetwork',
      metadata: { name },
      spec: {
        chainId: chain.chainId,
        endpoints: [{ name: 'node', url: chain.url }],
        protocol: { headframe: { minerRegistry: at.minerRegistry, epochRewards: at.epochRewards } },
        pollSeconds: 1,
        ...spec,
      },
    } as unknown as Manifest<StakingNetwork>);
  }

  const get = (name: string): Promise<StakingNetwork> => cluster.client.get(StakingNetworks, { name });

  /** Waits until the condition is so. */
  async function becomes(
    name: string,
    type: string,
    status: string,
    reason: string,
  ): Promise<StakingNetwork> {
    return untilPasses(async () => {
      const network = await get(name);
      const { status: is, reason: why } = findCondition(network.status?.conditions, type) ?? {};
      assert.deepEqual([is, why], [status, reason], JSON.stringify(network.status));
      return network;
    });
  }

  async function setSecret(name: string, data: Record<string, string>): Promise<void> {
    const encoded = Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
    const manifest = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: 'default' },
      data: Object.fromEntries(encoded) as Record<string, string>,
    } as unknown as Manifest<Secret>;
    await cluster.client.apply(Secrets, manifest, { force: true });
  }

  async function createAccount(network: string, address: string): Promise<void> {
    await cluster.client.create(StakeAccounts, {
      apiVersion: 'headframe.dev/v1alpha1',
      kind: 'StakeAccount',
      metadata: { name: 'watched', namespace: 'default' },
      spec: { networkRef: { name: network }, address },
    } as unknown as Manifest<StakeAccount>);
  }

  const metrics = (): Promise<string> => metricsOf(operator);

  it('become ready, with the token, the terms and the epoch', async () => {
    await create('good', {});

    await becomes('good', 'Ready', 'True', 'NetworkReady');
    const { status } = await becomes('good', 'SlashesKnown', 'True', 'SlashesRead');

    assert.deepEqual(status?.endpoints, [{ name: 'node', state: 'Up', message: '' }]);
    assert.deepEqual(status.terms, { stakePerMiner: '0.5', stakePerV100e: '100', thawingSeconds: 86_400 });
    assert.equal(status.token?.address, at.token);
    assert.equal(status.token.decimals, 18);
    assert.equal(status.epoch?.number, 0);
    assert.deepEqual(status.conditions.map((each) => `${each.type} ${each.status} ${each.reason}`).sort(), [
      'ChainIdMatches True ChainMatches',
      'ContractsFound True ContractsRead',
      'Reachable True EndpointAnswers',
      'Ready True NetworkReady',
      'SlashesKnown True SlashesRead',
      'Synced True HeadIsYoung',
    ]);
  });

  it('are not written while nothing changes but the block', async () => {
    const { metadata } = await becomes('good', 'SlashesKnown', 'True', 'SlashesRead');
    const headOf = async (): Promise<number> => {
      const [, value = ''] = (await metrics()).split('headframe_chain_head_block{network="good"} ');
      return Number.parseInt(value, 10);
    };
    const first = await headOf();

    await untilPasses(async () => {
      const now = await headOf();
      assert.equal(now >= first + 4, true, `block ${now} after ${first}`);
    });

    assert.equal((await get('good')).metadata.resourceVersion, metadata.resourceVersion);
  });

  it('whose endpoints serve another chain say which', async () => {
    await create('other-chain', { chainId: 1 });

    const { status } = await becomes('other-chain', 'Ready', 'False', 'WrongChain');

    assert.match(
      findCondition(status?.conditions, 'ChainIdMatches')?.message ?? '',
      /endpoint 'node' serves chain 31337, and network 'other-chain' is chain 1/,
    );
    assert.equal(status?.endpoints[0]?.state, 'WrongChain');
    assert.equal(findCondition(status.conditions, 'Stalled')?.reason, 'WrongChain');
  });

  it('without contracts say where there is none', async () => {
    const nothing = `0x${'12'.repeat(20)}`;
    await create('no-contracts', { protocol: { headframe: { minerRegistry: nothing } } });

    const { status } = await becomes('no-contracts', 'Ready', 'False', 'WrongContracts');

    const found = findCondition(status?.conditions, 'ContractsFound');
    assert.equal(found?.status, 'False');
    assert.match(found.message, /no contract at 0x1212/i);
    assert.equal(findCondition(status?.conditions, 'Reachable')?.status, 'True');
  });

  it('without Multicall3 say so', async () => {
    await create('no-multicall', { multicall3: `0x${'34'.repeat(20)}` });

    const { status } = await becomes('no-multicall', 'Ready', 'False', 'ProtocolReadFailed');

    assert.match(findCondition(status?.conditions, 'Ready')?.message ?? '', /no Multicall3 at 0x3434/);
  });

  it('follow an endpoint that turns into HTML, rations, and comes back; another network does not notice', async () => {
    const node = await gateway();
    const { server } = node;
    await create('moody', { endpoints: [{ name: 'node', url: server.url.href }] });
    await becomes('moody', 'Ready', 'True', 'NetworkReady');
    const { metadata } = await get('good');

    server.answer((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>log in</html>');
    });
    const { status } = await becomes('moody', 'Ready', 'False', 'EndpointsUnreachable');
    assert.equal(findCondition(status?.conditions, 'Reachable')?.status, 'False');
    assert.equal(status?.token?.address, at.token, 'what was read last stays to be seen');
    assert.match(findCondition(status.conditions, 'Ready')?.message ?? '', /HTML|JSON/);
    server.answer((_request, response) => {
      response.writeHead(429, { 'Retry-After': '1' }).end();
    });
    await untilPasses(async () => {
      const { endpoints = [] } = (await get('moody')).status ?? {};
      assert.match(endpoints[0]?.message ?? '', /429/);
    });
    node.pass();
    await becomes('moody', 'Ready', 'True', 'NetworkReady');

    assert.equal((await get('good')).metadata.resourceVersion, metadata.resourceVersion);
  });

  it('wait for their Secret, and follow a URL that is rotated', async () => {
    const old = await gateway();
    const fresh = await gateway();
    const secretUrl = ({ server }: Gateway): string =>
      new URL(`/v3/${CANARY}?key=${CANARY}`, server.url).href;
    await create('secret', { endpoints: [{ name: 'node', urlFrom: { name: 'rpc', key: 'url' } }] });
    const { status } = await becomes('secret', 'Ready', 'False', 'NetworkSecretMissing');
    assert.match(
      findCondition(status?.conditions, 'Ready')?.message ?? '',
      /no Secret default\/rpc: create it/,
    );

    await setSecret('rpc', { url: secretUrl(old) });
    await becomes('secret', 'Ready', 'True', 'NetworkReady');

    // A provider that has retired the key: the new one lies in the Secret by then.
    old.server.answer((_request, response) => {
      response.writeHead(403).end(`no such key: ${CANARY}`);
    });
    await becomes('secret', 'Ready', 'False', 'EndpointsUnreachable');
    await setSecret('rpc', { url: secretUrl(fresh) });
    await becomes('secret', 'Ready', 'True', 'NetworkReady');
    assert.equal(fresh.calls() > 0, true, 'the new URL is used');
  });

  it('are looked at as soon as an account is on them', async () => {
    const { server, calls } = await gateway();
    await create('hourly', { endpoints: [{ name: 'node', url: server.url.href }], pollSeconds: 3600 });
    await becomes('hourly', 'Ready', 'True', 'NetworkReady');
    const before = calls();

    await createAccount('hourly', at.stakeManager);

    await untilPasses(() => assert.notEqual(calls(), before));
  });

  it('that hang keep no other waiting, however many they are', async () => {
    const { server } = await gateway();
    server.answer(() => undefined);
    const names = Array.from({ length: 34 }, (_, index) => `hanging-${index}`);
    await Promise.all(
      names.map((name) => create(name, { endpoints: [{ name: 'node', url: server.url.href }] })),
    );

    await create('prompt', {});
    await becomes('prompt', 'Ready', 'True', 'NetworkReady');

    // Nobody has given up waiting for any of those yet.
    const { items } = await cluster.client.list(StakingNetworks);
    const reasons = items
      .filter(({ metadata }) => names.includes(metadata.name))
      .map(({ status }) => findCondition(status?.conditions, 'Ready')?.reason ?? 'NetworkConnecting');
    assert.deepEqual([...new Set(reasons)], ['NetworkConnecting']);
    await Promise.all(names.map((name) => cluster.client.delete(StakingNetworks, { name })));
  });

  it('leave no series behind when they are deleted', async () => {
    await cluster.client.delete(StakingNetworks, { name: 'other-chain' });

    await untilPasses(async () => assert.doesNotMatch(await metrics(), /network="other-chain"/));
    assert.match(await metrics(), /headframe_network_ready\{network="good"\} 1/);
  });

  it('show nothing secret in what they write and log', async () => {
    const said = [
      JSON.stringify((await cluster.client.list(StakingNetworks)).items),
      (await cluster.kubectl(['get', 'events', '--all-namespaces', '-o', 'yaml'])).stdout,
      operator.stderr(),
      operator.stdout(),
      await metrics(),
    ].join('\n');

    assert.match(said, /NetworkSecretMissing/);
    assert.doesNotMatch(said, new RegExp(CANARY));
  });
});
