import assert from 'node:assert/strict';
import { Wallet, encryptKeystoreJson } from 'ethers';
import { Secrets } from '../../src/api/builtin.ts';
import { findCondition } from '../../src/api/conditions.ts';
import { StakingNetworks } from '../../src/api/staking-network.ts';
import { selfSignedCertificate } from '../../src/devcluster/tls/self-signed-certificate.ts';
import { signingScript } from '../chain/support/signing-script.ts';
import { canary } from '../support/canaries.ts';
import { startOperator, type RunningProgram } from '../support/operator.ts';
import { type ScriptedApiServer, startScriptedApiServer } from '../support/scripted-api-server.ts';
import {
  TOKEN,
  stakeObjects,
  startStakeWorld,
  type StakeObjects,
  type StakeWorld,
} from '../support/stake-world.ts';
import { clusterKind, startTestCluster, type TestCluster } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';

const KEYSTORE = 5;
const REMOTE = 6;

const PASSWORD = canary('the password of a keystore', 'an owl in the attic');

/** With a fixed stake another amount is all that it takes for the next transaction. */
const fixed = (amount: string): object => ({ stake: { type: 'Fixed', amount, max: '1000' } });

describe(`signers of StakeAccounts, on the ${clusterKind} API server`, function () {
  this.timeout(180_000);
  let cluster: TestCluster;
  let world: StakeWorld;
  let objects: StakeObjects;
  let operator: RunningProgram;
  let signer: ScriptedApiServer;
  let remote: Wallet;

  before(async () => {
    [cluster, world] = await Promise.all([startTestCluster(), startStakeWorld()]);
    objects = stakeObjects(cluster.client, world);
    remote = new Wallet(world.person(REMOTE).key);
    for (const person of [KEYSTORE, REMOTE]) {
      await world.fund(world.person(person).address, 1000n * TOKEN);
    }
    const now = Date.now();
    const serving = selfSignedCertificate({
      commonName: 'signer',
      addresses: ['127.0.0.1'],
      usage: 'server',
      now,
    });
    const client = selfSignedCertificate({ commonName: 'headframe', usage: 'client', now });
    // Only who has the client's certificate is listened to.
    signer = await startScriptedApiServer(signingScript(remote), {
      cert: serving.certificate,
      key: serving.key,
      ca: client.certificate,
      requestCert: true,
    });
    await secret('tls', {
      'ca.crt': serving.certificate,
      'tls.crt': client.certificate,
      'tls.key': client.key,
    });
    const { address, key: privateKey } = world.person(KEYSTORE);
    const keystore = await encryptKeystoreJson({ address, privateKey }, PASSWORD, { scrypt: { N: 1024 } });
    await secret('keystore', { 'key.json': keystore });
    await secret('password', { password: `${PASSWORD}\n` });
    await cluster.client.create(StakingNetworks, world.network());
    operator = startOperator(cluster.kubeconfig);
  });
  after(async () => {
    await operator.end('SIGKILL');
    await cluster.stop();
    await world.stop();
    await signer.close();
  });

  async function secret(name: string, texts: Record<string, string>): Promise<void> {
    await cluster.client.create(Secrets, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace: 'default', name },
      data: inBase64(texts),
    });
  }

  async function untilReady(name: string, said: string, message = /(?:)/): Promise<void> {
    await untilPasses(async () => {
      const { status } = await objects.accountNow(name);
      const ready = findCondition(status?.conditions, 'Ready');
      assert.equal(`${ready?.status} ${ready?.reason}`, said);
      assert.match(ready?.message ?? '', message);
    });
  }

  const staked = (person: number): Promise<bigint> => world.provisioned(world.person(person).address);

  it('a keystore is opened, and signs', async () => {
    const keystore = {
      keystoreFrom: { name: 'keystore', key: 'key.json' },
      passwordFrom: { name: 'password', key: 'password' },
    };
    await objects.account('sealed', KEYSTORE, { ...fixed('100'), signer: { type: 'Keystore', keystore } });
    await untilReady('sealed', 'True AsWanted');
    assert.equal(await staked(KEYSTORE), 100n * TOKEN);
  });

  it('a password that is no more is said, and the right one ends that', async () => {
    await cluster.client.mergePatch(
      Secrets,
      { namespace: 'default', name: 'password' },
      { data: inBase64({ password: 'sesame' }) },
    );
    await operator.end('SIGKILL');
    operator = startOperator(cluster.kubeconfig);
    await objects.patchAccount('sealed', { spec: fixed('200') });
    await untilReady('sealed', 'False SignerMisconfigured', /the password does not open the keystore/);
    assert.equal(await staked(KEYSTORE), 100n * TOKEN);

    await cluster.client.mergePatch(
      Secrets,
      { namespace: 'default', name: 'password' },
      { data: inBase64({ password: PASSWORD }) },
    );
    await objects.patchAccount('sealed', { spec: fixed('300') });
    await untilReady('sealed', 'True AsWanted');
    assert.equal(await staked(KEYSTORE), 300n * TOKEN);
  });

  it('a web3signer signs over mutual TLS', async () => {
    const web3signer = { url: `${signer.url.origin}/`, tlsSecretRef: { name: 'tls' } };
    await objects.account('remote', REMOTE, { ...fixed('100'), signer: { type: 'Web3signer', web3signer } });
    await untilReady('remote', 'True AsWanted');
    assert.equal(await staked(REMOTE), 100n * TOKEN);
  });

  it('what a web3signer has changed is not sent, and said', async () => {
    const before = await objects.transactions('remote');
    signer.answer(signingScript(remote, { value: 10n ** 18n }));
    await objects.patchAccount('remote', { spec: fixed('200') });
    await untilReady('remote', 'False SignerRefused', /changed value/);
    assert.deepEqual(await objects.transactions('remote'), before);
    assert.equal(await staked(REMOTE), 100n * TOKEN);

    signer.answer(signingScript(remote));
    await untilReady('remote', 'True AsWanted');
    assert.equal(await staked(REMOTE), 200n * TOKEN);
  });
});

function inBase64(texts: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
  );
}
