import assert from 'node:assert/strict';
import { tableText } from '../../../src/commands/demo/table.ts';

describe('the table of the demo', () => {
  const columnDefinitions = [
    { name: 'Name', priority: 0 },
    { name: 'Ready', priority: 0 },
    { name: 'Selector', priority: 1 },
    { name: 'Age', priority: 0 },
  ];

  it('shows the columns that kubectl shows, and the namespace where there is one', () => {
    const rows = [
      {
        cells: ['h100-miners', 'True', 'a=b', '5s'],
        object: { metadata: { namespace: 'default' } },
      },
      { cells: ['a', null, 'a=b', '12m'], object: { metadata: { namespace: 'miners' } } },
    ];

    assert.deepEqual(tableText({ columnDefinitions, rows }).split('\n'), [
      'NAMESPACE   NAME          READY   AGE',
      'default     h100-miners   True    5s',
      'miners      a                     12m',
    ]);
  });

  it('does without a namespace for cluster-scoped kinds', () => {
    const rows = [{ cells: ['local', 15, '', '1s'], object: { metadata: {} } }];

    assert.deepEqual(tableText({ columnDefinitions, rows }).split('\n'), [
      'NAME    READY   AGE',
      'local   15      1s',
    ]);
  });
});
