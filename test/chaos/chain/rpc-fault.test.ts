import assert from 'node:assert/strict';
import { randomOf } from './random.ts';
import {
  RPC_FAULTS,
  type RpcFault,
  type WireAnswer,
  type WireCall,
  distorted,
  faultDeck,
} from './rpc-fault.ts';

function call(id: number, method: string, ...params: unknown[]): WireCall {
  return { id, method, params };
}

const head = call(1, 'eth_chainId');
const batch = [
  call(1, 'eth_getTransactionReceipt', '0x1'),
  call(2, 'eth_getTransactionByHash', '0x1'),
  call(3, 'eth_chainId'),
];
const answers: WireAnswer[] = [
  { id: 1, result: null },
  { id: 2, result: {} },
  { id: 3, result: '0x7a69' },
];

describe('a deck of faults', () => {
  it('deals each once before it deals any twice', () => {
    const deck = faultDeck(RPC_FAULTS, randomOf(1));
    const all = [...batch, call(4, 'eth_getTransactionCount', '0x', 'latest')];
    const dealt = RPC_FAULTS.map(() => deck.draw(all));
    assert.deepEqual(new Set(dealt), new Set(RPC_FAULTS));
    assert.equal(new Set(RPC_FAULTS.map(() => deck.draw(all))).size, RPC_FAULTS.length);
  });

  it('deals what can befall the request', () => {
    const deck = faultDeck(RPC_FAULTS, randomOf(2));
    const dealt = new Set(Array.from({ length: 200 }, () => deck.draw([head])));
    assert.deepEqual([...dealt].sort(), ['badGateway', 'cutAfter', 'cutBefore', 'hang', 'rateLimited']);
    assert.equal(faultDeck(['partialBatch'], randomOf(3)).draw([head]), undefined);
  });

  it('deals the same to the same seed', () => {
    const deal = (): unknown[] => {
      const deck = faultDeck(RPC_FAULTS, randomOf(7));
      return Array.from({ length: 50 }, () => deck.draw(batch));
    };
    assert.deepEqual(deal(), deal());
  });
});

describe('a distorted answer', () => {
  it('leaves one call of a batch unanswered', () => {
    const told = distorted('partialBatch', batch, answers, randomOf(1));
    assert.equal(told?.length, 2);
  });

  it('has every answer at another place', () => {
    for (let seed = 0; seed < 20; seed++) {
      const told = distorted('shuffledBatch', batch, answers, randomOf(seed)) ?? [];
      assert.deepEqual(new Set(told), new Set(answers));
      assert.equal(
        told.some((answer, index) => answer.id === answers[index]?.id),
        false,
        `seed ${seed}`,
      );
    }
  });

  const lies: [RpcFault, (told: number) => boolean][] = [
    ['understatedNonce', (told) => told < 9],
    ['overstatedNonce', (told) => told > 9],
  ];
  // Of all blocks: the latest, what is pending, one by its hash, one long ago.
  for (const tag of ['latest', 'pending', { blockHash: '0x' }, '0x5']) {
    for (const [fault, isLie] of lies) {
      it(`counts wrongly at ${JSON.stringify(tag)}: ${fault}`, () => {
        const calls = [head, call(2, 'eth_getTransactionCount', '0x', tag)];
        const truth = calls.map(({ id }) => ({ id, result: '0x9' }));
        for (let seed = 0; seed < 20; seed++) {
          const [first, second] = distorted(fault, calls, truth, randomOf(seed)) ?? [];
          assert.equal(first?.result, '0x9');
          assert.equal(isLie(Number(second?.result)), true, `seed ${seed}`);
        }
      });
    }
  }

  it('is none where there is nothing to understate', () => {
    const calls = [call(1, 'eth_getTransactionCount', '0x', 'latest')];
    assert.equal(distorted('understatedNonce', calls, [{ id: 1, result: '0x0' }], randomOf(1)), undefined);
    const refused = [{ id: 1, error: { code: -32000, message: 'no' } }];
    assert.equal(distorted('overstatedNonce', calls, refused, randomOf(1)), undefined);
  });
});
