import assert from 'node:assert/strict';
import { Interface } from 'ethers';
import fc from 'fast-check';
import { decodeRevert, revertData } from '../../../src/chain/node-answers/revert.ts';

const abi = new Interface([
  'error InsufficientStake(uint256 held, uint256 needed)',
  'error NotOperator(address caller)',
  'error Batch(uint256[] amounts)',
  'error Paused()',
]);
const caller = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';

function words(reason: string): string {
  return new Interface(['error Error(string)']).encodeErrorResult('Error', [reason]);
}

describe('the reason of a revert', () => {
  const table: [string, string | undefined, string | undefined, string][] = [
    [
      'a custom error',
      abi.encodeErrorResult('InsufficientStake', [5n, 10n]),
      'InsufficientStake',
      'InsufficientStake(5, 10)',
    ],
    [
      'one with an address',
      abi.encodeErrorResult('NotOperator', [caller]),
      'NotOperator',
      `NotOperator(${caller})`,
    ],
    ['one with a list', abi.encodeErrorResult('Batch', [[1n, 2n]]), 'Batch', 'Batch([1, 2])'],
    ['one without arguments', abi.encodeErrorResult('Paused'), 'Paused', 'Paused()'],
    ['words', words('not yet'), 'Error', 'not yet'],
    ['words with line breaks', words('a\n\u0000 b\u202e'), 'Error', 'a b'],
    ['many words', words('x'.repeat(1000)), 'Error', `${'x'.repeat(200)}…`],
    [
      'a panic',
      `0x4e487b71${'11'.padStart(64, '0')}`,
      'Panic',
      'the contract stopped at an arithmetic overflow or underflow (Panic 0x11)',
    ],
    [
      'a panic that nobody knows',
      `0x4e487b71${'99'.padStart(64, '0')}`,
      'Panic',
      'the contract stopped at an unknown check (Panic 0x99)',
    ],
    [
      'an unknown error',
      '0xdeadbeef',
      undefined,
      'the contract gave a reason that its ABI does not know: 0xdeadbeef',
    ],
    [
      'a custom error that is cut off',
      '0x08c379a0ff',
      undefined,
      'the contract gave a reason that its ABI does not know: 0x08c379a0',
    ],
    ['nothing', '0x', undefined, 'the contract gave no reason'],
    ['no data', undefined, undefined, 'the contract gave no reason'],
    ['what is no hex', 'Reverted', undefined, 'the contract gave no reason'],
  ];
  for (const [title, data, name, text] of table) {
    it(title, () => {
      const reason = decodeRevert(data, [abi]);
      assert.equal(reason.name, name);
      assert.equal(reason.text, text);
    });
  }

  it('asks every ABI', () => {
    const other = new Interface(['error Other()']);
    assert.equal(decodeRevert(other.encodeErrorResult('Other'), [abi, other]).name, 'Other');
  });

  it('is told whatever the bytes are', () => {
    const selector = fc.constantFrom(
      '0x08c379a0',
      '0x4e487b71',
      ...abi.fragments.map((each) => abi.getError(each.format())!.selector),
    );
    fc.assert(
      fc.property(selector, fc.uint8Array({ maxLength: 200 }), (start, bytes) => {
        const { text } = decodeRevert(`${start}${Buffer.from(bytes).toString('hex')}`, [abi]);
        assert.ok(text.length > 0 && text.length <= 300);
      }),
    );
  });
});

describe('the bytes of a revert', () => {
  const table: [string, unknown, string | undefined][] = [
    ['in data', '0x1234', '0x1234'],
    ['after a word', 'Reverted 0x1234', '0x1234'],
    ['deeper', { data: '0x1234' }, '0x1234'],
    ['in the original error', { originalError: { data: '0x1234' } }, '0x1234'],
    ['nowhere', { message: 'x' }, undefined],
    ['too deep', { data: { data: { data: { data: { data: '0x12' } } } } }, undefined],
    ['half a byte', '0x123', undefined],
    ['none', undefined, undefined],
  ];
  for (const [title, data, expected] of table) {
    it(title, () => assert.equal(revertData(data), expected));
  }
});
