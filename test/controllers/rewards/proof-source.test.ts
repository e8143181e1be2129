import assert from 'node:assert/strict';
import { createProofSource, ProofsProblem } from '../../../src/controllers/rewards/proof-source.ts';
import type { RewardClaim } from '../../../src/chain/protocols/protocol.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { stakingNetwork } from '../../support/network-objects.ts';
import { type ProofServer, startProofServer } from '../../support/proof-server.ts';

const ADDRESS = `0x${'Ab'.repeat(20)}`;
const FILE = `/rewards/${ADDRESS.toLowerCase()}.json`;

describe('controllers/rewards/proof-source', () => {
  let server: ProofServer;
  beforeEach(async () => (server = await startProofServer()));
  afterEach(() => server.stop());

  function claims(rewards: object): Promise<readonly RewardClaim[]> {
    const data = { url: Buffer.from(`${server.url}/rewards/?key=secret`).toString('base64') };
    const client = { get: () => Promise.resolve({ data }) } as unknown as KubeClient;
    const source = createProofSource({ client, namespace: 'headframe-system', clock: systemClock });
    const signal = new AbortController().signal;
    return source.claims({ network: stakingNetwork({ rewards }), address: ADDRESS, signal });
  }
  const plain = (): Promise<readonly RewardClaim[]> => claims({ proofsUrl: `${server.url}/rewards` });

  it('reads the file of the address in lower case', async () => {
    server.files.set(FILE, JSON.stringify({ claims: [{ epoch: 1, amount: '5', proof: [] }] }));
    assert.deepEqual(await plain(), [{ epoch: 1, amount: 5n, proof: [] }]);
    assert.deepEqual(server.asked, [FILE]);
  });

  it('has a URL from a Secret, with its query', async () => {
    assert.deepEqual(await claims({ proofsUrlFrom: { name: 'proofs', key: 'url' } }), []);
    assert.deepEqual(server.asked, [`${FILE}?key=secret`]);
  });

  it('knows of nothing where there is no file', async () => assert.deepEqual(await plain(), []));

  const rows: readonly [it: string, text: string, message: RegExp][] = [
    ['garbage', 'garbage', /cannot be understood: the answer must be JSON$/],
    ['more than 256 KiB', 'x'.repeat(300_000), /cannot be read: the answer has more than 262144 bytes$/],
  ];
  for (const [it_, text, message] of rows) {
    it(`says what is wrong with ${it_}, and nothing of the server`, async () => {
      server.files.set(FILE, text);
      await assert.rejects(plain(), (error) => error instanceof ProofsProblem && message.test(error.message));
    });
  }

  it('says that nobody answers', async () => {
    await server.stop();
    await assert.rejects(
      plain(),
      (error) => error instanceof ProofsProblem && !error.message.includes('127.0.0.1'),
    );
  });
});
