import assert from 'node:assert/strict';
import { type Secret, Secrets } from '../../../src/api/builtin.ts';
import { type StakeAccount, StakeAccounts } from '../../../src/api/stake-account.ts';
import { type StakingNetwork, StakingNetworks } from '../../../src/api/staking-network.ts';
import { accountIndexes } from '../../../src/controllers/caches.ts';
import { createNetworks, type WatchedNetworks } from '../../../src/controllers/networks/networks.ts';
import { protocolFor } from '../../../src/controllers/networks/protocol-for.ts';
import { testToken } from '../../../src/chain/contracts/generated/test-token.ts';
import { deployNetwork, type NetworkAddresses } from '../../../src/devcluster/local-chain/deploy.ts';
import { type LocalChain, startLocalChain } from '../../../src/devcluster/local-chain/local-chain.ts';
import { transact } from '../../../src/devcluster/local-chain/transact.ts';
import { ApiError } from '../../../src/kube/errors.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { canary } from '../../support/canaries.ts';
import { handCache, type HandCache } from '../../support/hand-fleet.ts';
import { type ManualClock, manualClock } from '../../support/manual-clock.ts';
import { stakeAccount, stakingNetwork } from '../../support/network-objects.ts';
import { type ScriptedApiServer, startScriptedApiServer } from '../../support/scripted-api-server.ts';

const DAY = 86_400n;
const CANARY = canary('the token of a URL', 'hunter2CanarySecret');

/** The n-th of many addresses. */
const address = (n: number): string => `0x${(n + 1).toString(16).padStart(40, '0')}`;

interface World {
  readonly networks: WatchedNetworks;
  readonly clock: ManualClock;
  readonly stored: HandCache<StakingNetwork>;
  readonly accounts: HandCache<StakeAccount>;
  readonly secrets: Map<string, Record<string, string>>;
  /** What listeners were told, one line each; emptied by reading. */
  readonly told: () => string[];
  /** Looks at the network as its controller does. */
  readonly look: () => ReturnType<WatchedNetworks['look']>;
}

function world(spec: object): World {
  // At the time of the chain, which is that of this machine.
  const clock = manualClock(Date.now());
  const stored = handCache(StakingNetworks, [stakingNetwork(spec)]);
  const accounts = handCache(StakeAccounts, [], { indexes: accountIndexes });
  const secrets = new Map<string, Record<string, string>>();
  const client = {
    get: (type: unknown, { name }: { name: string }): Promise<Secret> => {
      assert.equal(type, Secrets);
      const data = secrets.get(name);
      return data === undefined
        ? Promise.reject(new ApiError('not found', { code: 404, reason: 'NotFound' }))
        : Promise.resolve({ data } as Secret);
    },
  } as unknown as KubeClient;
  const networks = createNetworks({
    client,
    namespace: 'headframe-system',
    pace: { rereadMs: 60_000, retryMs: 5000 },
    clock,
    networks: stored.informer.store,
    accounts: accounts.informer.store,
    protocolFor,
  });
  let lines: string[] = [];
  networks.listen({
    networkChanged: (name) => void lines.push(`${name} changed`),
    accountChanged: (name, of) => void lines.push(`${name} ${of} changed`),
    blockSeen: (name) => void lines.push(`${name} has a block`),
  });
  return {
    networks,
    clock,
    stored,
    accounts,
    secrets,
    told: () => {
      const now = lines;
      lines = [];
      return now;
    },
    look: () => networks.look(stored.informer.store.get('net')!, silentLogger),
  };
}

describe('controllers/networks', function () {
  this.timeout(60_000);
  let chain: LocalChain;
  let at: NetworkAddresses;
  let gateway: ScriptedApiServer;
  let methods: string[] = [];
  const open: World[] = [];

  before(async () => {
    chain = await startLocalChain();
    const [from = ''] = chain.accounts;
    at = await deployNetwork({
      rpc: chain.rpc,
      from,
      roles: { governor: from, guardian: from, slasher: from, poster: from },
      parameters: {
        maxThawingPeriod: 28n * DAY,
        terms: { stakePerUnit: 100n, stakePerMiner: 10n, minThawingPeriod: DAY, minVerifierCut: 100_000n },
        epochLength: 3600n,
        challengeDelay: 600n,
      },
    });
    gateway = await startScriptedApiServer(() => undefined);
  });
  beforeEach(async () => {
    methods = [];
    pass();
    await chain.rpc.call('evm_mine');
  });
  afterEach(() => {
    open.splice(0).forEach(({ networks }) => networks.forget('net'));
  });
  after(async () => {
    await gateway.close();
    await chain.stop();
  });

  function pass(): void {
    gateway.answer(async ({ body }, response) => {
      const asked = JSON.parse(body) as { method: string } | { method: string }[];
      methods.push(...[asked].flat().map(({ method }) => method));
      const answer = await fetch(chain.url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body,
      });
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(await answer.text());
    });
  }

  function here(spec: object = {}): World {
    const made = world({
      endpoints: [{ name: 'node', url: gateway.url.href }],
      protocol: { headframe: { minerRegistry: at.minerRegistry, epochRewards: at.epochRewards } },
      ...spec,
    });
    open.push(made);
    return made;
  }

  it('is missing, then connecting, then usable', async () => {
    const { networks, look, told } = here();
    assert.deepEqual(networks.view('other'), { kind: 'missing' });
    assert.deepEqual(networks.view('net'), { kind: 'connecting' });

    await look();

    const view = networks.view('net');
    assert.equal(view.kind, 'usable');
    assert.equal(view.chainId, 31337n);
    assert.equal(view.facts.token.address, at.token);
    assert.equal(view.fees.targetFeePerGas, 50n * 10n ** 9n);
    assert.deepEqual(view.finality, { kind: 'tag' });
    assert.deepEqual(told().sort(), ['net changed', 'net has a block']);
  });

  it('reads a thousand accounts in at most ten calls', async () => {
    const { networks, accounts, look, clock } = here();
    for (let n = 0; n < 1000; n++) {
      accounts.set(stakeAccount(`a-${n}`, address(n)));
    }

    await look();

    assert.equal(methods.length <= 10, true, methods.join(' '));
    assert.equal(networks.stateOf('net', address(999).toUpperCase().replace('0X', '0x'))?.miners, 0);
    methods = [];
    await chain.rpc.call('evm_mine');
    await clock.advance(12_000);
    await look();
    assert.equal(methods.length <= 6, true, methods.join(' '));
    assert.equal(methods.length > 1, true, 'a new block is read');
  });

  it('asks for nothing but the head while there is no new block', async () => {
    const { look, clock } = here();
    await look();
    methods = [];

    await clock.advance(12_000);
    await look();

    assert.deepEqual(methods, ['eth_getBlockByNumber']);
  });

  it('looks no more often than the spec says, whoever asks', async () => {
    const { look, clock } = here();
    await look();
    methods = [];
    await clock.advance(11_000);

    assert.equal((await look()).nextMs, 1000);
    assert.deepEqual(methods, []);
  });

  it('tells that the prices are known, for which claims wait, and of no other price', async () => {
    const { networks, stored, look, told } = here();
    const price = (coinUSD: string): void => {
      const now = stored.informer.store.get('net')!;
      const metadata = { ...now.metadata, resourceVersion: coinUSD };
      const status = { prices: { tokenUSD: '2', coinUSD } };
      stored.set({ ...structuredClone(now), metadata, status } as StakingNetwork);
    };
    await look();
    told();

    price('3000');
    await look();
    assert.deepEqual(told(), ['net changed']);
    price('3100');
    await look();
    assert.deepEqual(told(), []);

    const view = networks.view('net');
    assert.equal(view.kind === 'usable' && view.prices?.coinUSD, '3100');
  });

  it('reads a new account at once, though there is no new block', async () => {
    const { networks, accounts, look, told } = here();
    await look();
    told();
    accounts.set(stakeAccount('a', address(1)));
    assert.equal(networks.stateOf('net', address(1)), undefined);

    await look();

    assert.equal(networks.stateOf('net', address(1))?.coin, 0n);
    assert.deepEqual(told(), [`net ${address(1)} changed`]);
  });

  it('tells of the accounts that have changed, and of no others', async () => {
    const { networks, accounts, look, told, clock } = here();
    const [alice = '', bob = ''] = chain.accounts.slice(5);
    accounts.set(stakeAccount('alice', alice));
    accounts.set(stakeAccount('bob', bob));
    await look();
    told();
    const data = testToken.writes.mint.encode(alice, 77n);
    // Waits for the block: the node answers before it has made it.
    await transact(chain.rpc, { from: chain.accounts[0] ?? '', to: at.token, data });
    await clock.advance(12_000);

    await look();

    assert.equal(networks.stateOf('net', alice)?.walletTokens, 77n);
    assert.deepEqual(told(), [`net ${alice.toLowerCase()} changed`, 'net has a block']);
  });

  it('forgets an account that no StakeAccount names any more', async () => {
    const { networks, accounts, look, clock } = here();
    const account = stakeAccount('a', address(1));
    accounts.set(account);
    await look();
    accounts.remove(account);
    await clock.advance(12_000);

    await look();

    assert.equal(networks.stateOf('net', address(1)), undefined);
  });

  it('does not wait for a network that hangs, and says so when it is given up', async () => {
    const { networks, look, clock } = here();
    gateway.answer(() => undefined);
    const late: string[] = [];
    networks.onLateLook((name) => void late.push(name));

    const looking = look();
    await clock.advance(1000);

    assert.equal((await looking).look, undefined);
    assert.equal((await look()).look, undefined);
    await clock.advance(30_000);
    assert.deepEqual(late, ['net']);
    const view = networks.view('net');
    assert.equal(view.kind, 'away');
    assert.equal(view.reason, 'EndpointsUnreachable');
  });

  it('takes one failure for nothing, and two for news', async () => {
    const { networks, look, told, clock } = here();
    await look();
    told();
    gateway.answer((_request, response) => void response.writeHead(502).end());

    await clock.advance(12_000);
    assert.equal((await look()).nextMs <= 1000, true);
    assert.equal(networks.view('net').kind, 'usable');
    await clock.advance(1000);
    await look();

    assert.equal(networks.view('net').kind, 'away');
    assert.deepEqual(told(), ['net changed']);
    pass();
    await clock.advance(12_000);
    await look();
    assert.equal(networks.view('net').kind, 'usable');
  });

  it('is away when its latest block is too old', async () => {
    const { networks, look, clock } = here();
    await clock.advance(400_000);

    await look();

    const view = networks.view('net');
    assert.equal(view.kind, 'away');
    assert.equal(view.reason, 'HeadTooOld');
  });

  it('is away, not broken, when the fees are no numbers of a chain', async () => {
    const { networks, look } = here({ fees: { maxTransactionCost: '9'.repeat(60) } });

    await look();

    const view = networks.view('net');
    assert.equal(view.kind, 'away');
    assert.match(view.message, /spec\.fees\.maxTransactionCost: /);
  });

  it('is connecting again when its StakingNetwork says something else', async () => {
    const { networks, look, stored } = here();
    await look();
    const now = stored.informer.store.get('net')!;
    stored.set({
      ...structuredClone(now),
      metadata: { ...now.metadata, uid: 'another', resourceVersion: '2' },
    } as StakingNetwork);

    assert.deepEqual(networks.view('net'), { kind: 'connecting' });
    await look();
    assert.equal(networks.view('net').kind, 'usable');
  });

  it('stays what it is when only fees change, and uses them', async () => {
    const { networks, look, stored, told } = here();
    await look();
    told();
    const now = stored.informer.store.get('net')!;
    const spec = { ...now.spec, fees: { ...now.spec.fees, targetFeeGwei: '1' } };
    const metadata = { ...now.metadata, resourceVersion: '2' };
    stored.set({ ...structuredClone(now), metadata, spec: structuredClone(spec) } as StakingNetwork);

    const view = networks.view('net');
    assert.equal(view.kind, 'usable');
    assert.equal(view.fees.targetFeePerGas, 10n ** 9n);
  });

  describe('with a URL in a Secret', () => {
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    const secretUrl = (): string => new URL(`/v3/${CANARY}`, gateway.url).href;
    const spec = { endpoints: [{ name: 'node', urlFrom: { name: 'rpc', key: 'url' } }] };

    it('waits for the Secret', async () => {
      const { networks, look, secrets, clock } = here(spec);
      await look();
      const view = networks.view('net');
      assert.equal(view.kind, 'away');
      assert.equal(view.message, 'there is no Secret headframe-system/rpc: create it');

      secrets.set('rpc', { url: base64(`${secretUrl()}\n`) });
      await clock.advance(5000);
      await look();

      assert.equal(networks.view('net').kind, 'usable');
    });

    const broken = [
      {
        name: 'no URL',
        data: { url: CANARY },
        says: 'key url of Secret headframe-system/rpc must be an address',
      },
      { name: 'another scheme', data: { url: `ftp://${CANARY}` }, says: 'begins with http:// or https://' },
      {
        name: 'no such key',
        data: { other: CANARY },
        says: 'there is no key url of Secret headframe-system/rpc',
      },
    ];
    for (const { name, data, says } of broken) {
      it(`says what is wrong, and not with what: ${name}`, async () => {
        const { networks, look, secrets } = here(spec);
        secrets.set(
          'rpc',
          Object.fromEntries(Object.entries(data).map(([key, text]) => [key, base64(text)])),
        );

        const { look: seen } = await look();

        const said = JSON.stringify([networks.view('net'), seen]);
        assert.equal(said.includes(says), true, said);
        assert.doesNotMatch(said, new RegExp(CANARY));
      });
    }

    it('goes on with the other endpoints', async () => {
      const { networks, look } = here({
        endpoints: [...spec.endpoints, { name: 'open', url: gateway.url.href }],
      });

      const { look: seen } = await look();

      assert.equal(networks.view('net').kind, 'usable');
      assert.deepEqual(
        seen?.endpoints.map(({ state }) => state),
        ['Unknown', 'Up'],
      );
    });

    it('follows a URL and a token that are changed, once a minute', async () => {
      const withToken = { ...spec.endpoints[0], bearerTokenFrom: { name: 'rpc', key: 'token' } };
      const { look, secrets, clock, told } = here({ endpoints: [withToken] });
      secrets.set('rpc', { url: base64(secretUrl()), token: base64('first') });
      await look();
      told();
      secrets.set('rpc', { url: base64(secretUrl()), token: base64('second') });

      await clock.advance(60_000);
      await look();

      const sent = gateway.requests.at(-1)?.headers.authorization;
      assert.equal(sent, 'Bearer second');
      assert.deepEqual(told(), ['net changed']);
    });
  });
});
