import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StakingNetwork } from '../../../src/api/staking-network.ts';
import { StakingNetworkSpec } from '../../../src/api/staking-network/spec.ts';
import { withNetwork } from '../../../src/commands/stake/with-network.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { type StakeWorld, startStakeWorld } from '../../support/stake-world.ts';

interface WireCall {
  readonly method: string;
  readonly params: unknown[];
}

const EARLIER = '0x1';

describe('a network that a command looks at', function () {
  this.timeout(60_000);
  let world: StakeWorld;
  let server: Server;
  /** So many of the next calls are answered from an earlier block than they ask for. */
  let wrong = 0;

  before(async () => {
    world = await startStakeWorld();
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        void fetch(world.chain.url, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(mangled(JSON.parse(body) as WireCall | WireCall[])),
        })
          .then((answer) => answer.text())
          .then((text) => response.setHeader('Content-Type', 'application/json').end(text));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    server.close();
    await world.stop();
  });

  function mangled(calls: WireCall | WireCall[]): unknown {
    if (Array.isArray(calls)) {
      return calls.map((call) => mangled(call));
    }
    if (calls.method !== 'eth_call' || wrong === 0) {
      return calls;
    }
    wrong--;
    return { ...calls, params: [calls.params[0], EARLIER] };
  }

  function look(): Promise<string> {
    const { port } = server.address() as AddressInfo;
    const { spec, ...rest } = world.network({
      endpoints: [{ name: 'behind', url: `http://127.0.0.1:${port}` }],
    });
    const network = { ...rest, spec: StakingNetworkSpec.parse(spec) } as StakingNetwork;
    // No Secrets are named.
    const access = { client: {} as KubeClient, namespace: 'default' };
    return withNetwork(network, access, ({ kind }) => Promise.resolve(kind));
  }

  it('is looked at again when an endpoint has read another block than it was asked for', async () => {
    wrong = 1;

    assert.equal(await look(), 'usable');
    assert.equal(wrong, 0, 'it has');
  });

  it('cannot be used when that does not end, and says so', async () => {
    wrong = Infinity;

    await assert.rejects(look(), {
      name: 'ExitError',
      exitCode: 2,
      message: /^StakingNetwork 'devnet' cannot be used: .*ProtocolReadFailed/,
    });
    wrong = 0;
  });
});
