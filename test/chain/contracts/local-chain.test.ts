import assert from 'node:assert/strict';
import { stakeManager } from '../../../src/chain/contracts/generated/stake-manager.ts';
import { anvilBinary } from '../../../src/devcluster/local-chain/anvil-binary.ts';
import { deployNetwork } from '../../../src/devcluster/local-chain/deploy.ts';
import type { JsonRpcError } from '../../../src/devcluster/local-chain/json-rpc.ts';
import { startLocalChain } from '../../../src/devcluster/local-chain/local-chain.ts';
import { isRunning } from '../../devcluster/process/process-state.ts';
import { parameters } from './network.ts';

describe('devcluster/local-chain', function () {
  this.timeout(60_000);

  it('is there until it is stopped, twice if need be', async () => {
    const chain = await startLocalChain({ chainId: 1337, accounts: 3 });
    const { pid, accounts, chainId, url } = chain;
    const before = isRunning(pid);

    await chain.stop();
    await chain.stop();

    assert.deepEqual([before, isRunning(pid)], [true, false]);
    assert.deepEqual([chainId, accounts.length], [1337, 3]);
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('mines at intervals when it is told to, and deploys all the same', async () => {
    const chain = await startLocalChain({ blockTimeSeconds: 1 });
    try {
      const [from = ''] = chain.accounts;
      const roles = { governor: from, guardian: from, slasher: from, poster: from };
      const at = await deployNetwork({ rpc: chain.rpc, from, roles, parameters });

      const { token } = stakeManager.reads;
      const call = { to: at.stakeManager, data: token.encode() };
      assert.equal(token.decodeOutput(await chain.rpc.call<string>('eth_call', call, 'latest')), at.token);
    } finally {
      await chain.stop();
    }
  });

  it('says which contract cannot be deployed, and what the node refuses', async () => {
    const chain = await startLocalChain({ chainId: 5 });
    try {
      const [from = ''] = chain.accounts;
      const roles = { governor: from, guardian: from, slasher: from, poster: from };

      await assert.rejects(
        deployNetwork({ rpc: chain.rpc, from, roles, parameters }),
        /TestToken could not be deployed: .*revert/,
      );
      await assert.rejects(
        chain.rpc.call('eth_noSuchMethod'),
        (error: JsonRpcError) => error.code === -32601 && error.message.startsWith('eth_noSuchMethod: '),
      );
    } finally {
      await chain.stop();
    }
  });

  it('tells when it ends by itself', async () => {
    let told: (tail: string) => void;
    const ended = new Promise<string>((resolve) => {
      told = resolve;
    });
    const chain = await startLocalChain({ onFailure: (tail) => told(tail) });
    process.kill(chain.pid, 'SIGKILL');

    assert.equal(typeof (await ended), 'string');
    await chain.stop();
  });

  describe('anvil', () => {
    it('is the program of this machine’s package', () => {
      const path = anvilBinary({ env: {}, platform: 'linux', architecture: 'x64' });

      assert.match(path, /@foundry-rs\/anvil-linux-amd64\/bin\/anvil$/);
    });

    it('is the one that HEADFRAME_ANVIL names', () => {
      const env = { HEADFRAME_ANVIL: process.execPath };

      assert.equal(anvilBinary({ env, platform: 'plan9', architecture: 'mips' }), process.execPath);
    });

    for (const [what, env, platform, expected] of [
      ['a path that is not there', { HEADFRAME_ANVIL: '/nowhere/anvil' }, 'linux', /'\/nowhere\/anvil'/],
      [
        'a machine without a package',
        {},
        'plan9',
        /install @foundry-rs\/anvil-plan9-amd64 .*HEADFRAME_ANVIL/,
      ],
    ] as const) {
      it(`says what to do about ${what}`, () => {
        assert.throws(() => anvilBinary({ env, platform, architecture: 'x64' }), expected);
      });
    }
  });
});
