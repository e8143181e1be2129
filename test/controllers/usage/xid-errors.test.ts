import assert from 'node:assert/strict';
import { createXidErrors } from '../../../src/controllers/usage/xid-errors.ts';
import { sample } from '../../compute/usage/samples-of.ts';

/** What is told after the GPU has shown these XIDs, one look a second. */
function after(...xids: (number | undefined)[]): string[] {
  const errors = createXidErrors();
  xids.forEach((xid, second) => errors.look([sample({ gpu: 'GPU-1', node: 'n', xid })], second * 1000));
  return errors.all.map(
    ({ node, gpu, code, since = 'ever', lastWithout = 'never' }) =>
      `${node} ${gpu}: XID ${code} since ${since}, without it ${lastWithout}`,
  );
}

describe('controllers/usage/xid-errors', () => {
  const table: [what: string, xids: (number | undefined)[], told: string[]][] = [
    ['no error', [undefined, undefined], []],
    [
      'an error that was there before anybody looked',
      [79, 79],
      ['n GPU-1: XID 79 since ever, without it never'],
    ],
    ['an error that comes', [undefined, 79, 79], ['n GPU-1: XID 79 since 1000, without it 0']],
    ['another error', [31, 79, 79], ['n GPU-1: XID 79 since 1000, without it 0']],
    ['one after the other', [undefined, 31, 79], ['n GPU-1: XID 79 since 2000, without it 1000']],
    ['an error that a new driver has taken away', [undefined, 79, undefined], []],
    ['an error after a new driver', [79, undefined, 79], ['n GPU-1: XID 79 since 2000, without it 1000']],
  ];
  for (const [what, xids, told] of table) {
    it(what, () => assert.deepEqual(after(...xids), told));
  }

  it('keeps an error while the exporter is away, and knows nothing of GPUs without a node', () => {
    const errors = createXidErrors();
    errors.look([sample({ gpu: 'a', node: 'n' }), sample({ gpu: 'b' })], 0);
    errors.look([sample({ gpu: 'a', node: 'n', xid: 79 }), sample({ gpu: 'b', xid: 79 })], 1);
    errors.look([], 2);
    assert.deepEqual(
      errors.all.map(({ gpu }) => gpu),
      ['a'],
    );
  });

  it('takes the instances of a GPU, and the pods that share it, for one GPU', () => {
    const errors = createXidErrors();
    const units = ['GPU-1', 'GPU-1/1', 'GPU-1/2'];
    errors.look(
      units.map((gpu) => sample({ gpu, node: 'n' })),
      0,
    );
    for (const now of [1, 2]) {
      errors.look(
        units.map((gpu, index) => sample({ gpu, node: 'n', xid: index === 1 ? undefined : 94 })),
        now,
      );
      assert.deepEqual(
        errors.all.map(({ gpu, since }) => `${gpu} ${since}`),
        ['GPU-1 1'],
      );
    }
  });
});
