import assert from 'node:assert/strict';
import { wei } from '../../../src/chain/amounts/amount.ts';
import type { ChainView } from '../../../src/chain/engine/chain-view.ts';
import type { EnginePolicy } from '../../../src/chain/engine/engine-policy.ts';
import type { Entry } from '../../../src/chain/engine/entry.ts';
import type { Simulation } from '../../../src/chain/engine/ports.ts';
import type { Move } from '../../../src/chain/protocols/protocol.ts';
import { type Price, priceOf } from '../../../src/commands/stake/price.ts';
import { intentFor } from '../../../src/controllers/stakeaccount/intentions.ts';
import { ADDRESS, CHAIN_ID, CONTRACT, modelPolicy } from '../../chain/engine/model/world.ts';
import { NOON, entry, hashOf, receipt, view } from '../../chain/engine/situations.ts';

const move: Move = { kind: 'Thaw', key: '5 of 10', to: CONTRACT, data: '0x00' };
const grounds = { chainId: CHAIN_ID, address: ADDRESS, nonce: 1 };
const possible: Simulation = { kind: 'possible', gasLimit: 50_000 };

/** An entry of the move's own intent. */
function entryOf(nonce: number, status?: Parameters<typeof entry>[0]['status']): Entry {
  const intent = intentFor(move, grounds, []);
  return entry({
    nonce,
    intent,
    ...(status === undefined ? {} : { status }),
  });
}

interface Circumstances {
  readonly simulation?: Simulation;
  readonly sight?: Partial<ChainView>;
  readonly policy?: Partial<EnginePolicy>;
}

function price(
  entries: readonly Entry[],
  { simulation = possible, sight = {}, policy = {} }: Circumstances = {},
): Promise<Price> {
  return priceOf(move, {
    simulator: { simulate: () => Promise.resolve(simulation) },
    purse: {
      policy: { ...modelPolicy(), ...policy },
      entries,
      now: NOON,
      view: view({ nonce: 1, ...sight }),
    },
    grounds,
  });
}

describe('commands/stake price', () => {
  it('is what the node estimates, and the most that it may come to', async () => {
    const { gasLimit, maxCostWei, obstacle } = await price([]);
    assert.deepEqual([gasLimit, obstacle], [50_000, undefined]);
    // The first offer is the tip and twice the base fee.
    assert.equal((maxCostWei ?? 0n) >= 50_000n * 22n, true, `it is ${String(maxCostWei)}`);
  });

  const obstacles: readonly { it: string; found: () => Promise<Price>; obstacle: RegExp }[] = [
    {
      it: 'is under way',
      found: () => price([entryOf(1)]),
      obstacle: /^is under way: acct-1$/,
    },
    {
      it: 'comes after what is under way',
      found: () => price([entry({ nonce: 1 })]),
      obstacle: /^waits for acct-1, which no block includes yet$/,
    },
    {
      it: 'was refused before',
      found: () => price([entryOf(0, { outcome: 'Reverted', revertReason: 'Paused()' })]),
      obstacle: /^acct-0 ended Reverted \(Paused\(\)\): headframe tx retry acct-0$/,
    },
    {
      it: 'would be refused now',
      found: () =>
        price([], {
          simulation: { kind: 'reverts', explanation: 'the contract would refuse it: Paused()' },
        }),
      obstacle: /^the contract would refuse it: Paused\(\)$/,
    },
    {
      it: 'costs more than there is',
      found: () => price([], { sight: { balanceWei: wei(1n) } }),
      obstacle: /the account has/,
    },
    {
      it: 'would go beyond the spend cap',
      found: () => price([], { policy: { spend: { capWei: wei(1n), essentialReserveWei: wei(0n) } } }),
      obstacle: /cap/,
    },
    {
      it: 'needs dearer gas than is allowed',
      found: () =>
        price([], { sight: { market: { baseFeePerGas: wei(10n ** 18n), suggestedTip: wei(2n) } } }),
      obstacle: /fee|gas/,
    },
    {
      it: 'comes after one that a block refused, which may yet be undone',
      found: () =>
        price([entry({ nonce: 0 })], {
          sight: { receipts: new Map([[hashOf(0), receipt(hashOf(0), 99, false)]]) },
        }),
      obstacle: /^waits for acct-0, whose block is not final$/,
    },
    {
      it: 'comes after nonces that nobody can explain',
      found: () =>
        price([entry({ nonce: 0, status: { outcome: 'Confirmed' } })], {
          sight: { nonce: 3, receipts: new Map([[hashOf(0), receipt(hashOf(0), 80)]]) },
        }),
      obstacle: /^the node counts 2 nonces below 3 as used/,
    },
  ];
  for (const { it: name, found, obstacle } of obstacles) {
    it(`says why it is not sent when it ${name}`, async () => {
      assert.match((await found()).obstacle ?? '', obstacle);
    });
  }
});
