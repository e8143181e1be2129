import assert from 'node:assert/strict';
import { ClaimsFileError, parseClaims } from '../../../src/controllers/rewards/claims-file.ts';

const NODE = `0x${'ab'.repeat(32)}`;
const good = { epoch: 7, amount: '1000000000000000000', proof: [NODE] };

describe('controllers/rewards/claims-file', () => {
  it('reads claims, the oldest first', () => {
    const text = JSON.stringify({ claims: [good, { ...good, epoch: 3, proof: [] }] });
    assert.deepEqual(parseClaims(text), [
      { epoch: 3, amount: 10n ** 18n, proof: [] },
      { epoch: 7, amount: 10n ** 18n, proof: [NODE] },
    ]);
  });

  const rows: readonly [it: string, text: string, message: RegExp][] = [
    ['no JSON', '<html>', /must be JSON/],
    ['no object', 'null', /must be an object/],
    ['no list', '{}', /claims must be a list/],
    ['too many', JSON.stringify({ claims: Array.from({ length: 65 }, () => good) }), /at most 64/],
    ['one epoch twice', JSON.stringify({ claims: [good, good] }), /each epoch once/],
    ...[
      ['no claim', 7, /claims\[0\] must be an object/] as const,
      ['half an epoch', { ...good, epoch: 0.5 }, /epoch must be/] as const,
      ['an epoch before the first', { ...good, epoch: -1 }, /epoch must be/] as const,
      ['a number as the amount', { ...good, amount: 5 }, /amount must be a string/] as const,
      ['no amount', { ...good, amount: '0' }, /more than 0/] as const,
      ['an amount beyond a uint256', { ...good, amount: '9'.repeat(79) }, /amount must be/] as const,
      ['a proof of other things', { ...good, proof: ['0xab'] }, /proof must be/] as const,
      ['a proof in capitals', { ...good, proof: [NODE.toUpperCase()] }, /proof must be/] as const,
      [
        'a proof that is too long',
        { ...good, proof: Array.from({ length: 33 }, () => NODE) },
        /proof must be/,
      ] as const,
    ].map(([it_, each, message]): [string, string, RegExp] => [
      it_,
      JSON.stringify({ claims: [each] }),
      message,
    ]),
  ];
  for (const [it_, text, message] of rows) {
    it(`refuses ${it_}`, () => {
      assert.throws(
        () => parseClaims(text),
        (error) => error instanceof ClaimsFileError && message.test(error.message),
      );
    });
  }
});
