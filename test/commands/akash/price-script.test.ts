import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUNDLE } from '../../support/operator.ts';

/** Runs `headframe akash price-script` as a provider would. */
function run(
  args: readonly string[],
  input: string,
): { status: number | null; stdout: string; stderr: string } {
  const command = [BUNDLE, 'akash', 'price-script', ...args];
  // Coverage counts what the tests themselves run: the lines of a compiled program are others.
  const env = { ...process.env, NODE_V8_COVERAGE: undefined };
  return spawnSync(process.execPath, command, { input, encoding: 'utf8', env });
}

const order = JSON.stringify({
  resources: [
    {
      gpu: { units: 1, attributes: { vendor: { nvidia: { model: 'h100', ram: '80Gi', interface: 'sxm' } } } },
      count: 1,
    },
  ],
  price: { denom: 'uact', amount: '10000.000000000000000000' },
  price_precision: 6,
});

describe('commands/akash price-script', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'headframe-prices-'));
  const prices = join(folder, 'prices.yaml');
  writeFileSync(prices, "perV100EquivalentHour: '0.40'\n");

  after(() => rmSync(folder, { recursive: true }));

  it('prints one number and nothing else', () => {
    assert.deepEqual(
      [run(['--prices', prices], order)].map(({ status, stdout, stderr }) => ({ status, stdout, stderr })),
      [{ status: 0, stdout: '5379.915039\n', stderr: '' }],
    );
  });

  it('ends with 1 and the reason when there is to be no bid', () => {
    const { status, stdout, stderr } = run(['--prices', prices], order.replace('uact', 'uakt'));

    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, /^headframe: no bid: the order pays in 'uakt'/);
  });

  for (const { what, args, says } of [
    { what: 'no table', args: [], says: /required option '--prices <file>'/ },
    {
      what: 'a table that is not there',
      args: ['--prices', join(folder, 'none')],
      says: /'.*none' cannot be read: ENOENT/,
    },
    {
      what: 'hours without blocks',
      args: ['--prices', prices, '--blocks-per-hour', '0'],
      says: /'0' must be a number above 0/,
    },
  ]) {
    it(`ends with 2 for ${what}`, () => {
      const { status, stdout, stderr } = run(args, order);

      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, says);
    });
  }
});
