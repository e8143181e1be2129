import assert from 'node:assert/strict';
import { condition, findCondition, isTrue, setConditions } from '../../src/api/conditions.ts';
import type { Condition } from '../../src/api/kube-object.ts';

const noon = Date.parse('2026-11-20T12:00:00.250Z');
const hour = 3_600_000;

describe('setConditions', () => {
  it('writes a first condition with the time in whole seconds', () => {
    const conditions = setConditions(
      undefined,
      [condition('Ready', 'False', 'PodsStarting', '0 of 4 ready')],
      {
        generation: 3,
        now: noon,
      },
    );
    assert.deepEqual(conditions, [
      {
        type: 'Ready',
        status: 'False',
        observedGeneration: 3,
        lastTransitionTime: '2026-11-20T12:00:00Z',
        reason: 'PodsStarting',
        message: '0 of 4 ready',
      },
    ]);
  });

  it('leaves the time alone while the status stays, whatever else changes', () => {
    const before = setConditions([], [condition('Ready', false, 'PodsStarting')], {
      generation: 1,
      now: noon,
    });
    const [after] = setConditions(before, [condition('Ready', false, 'RollingUpdate', 'new')], {
      generation: 2,
      now: noon + hour,
    });
    assert.equal(after?.lastTransitionTime, '2026-11-20T12:00:00Z');
    assert.equal(after.reason, 'RollingUpdate');
    assert.equal(after.message, 'new');
    assert.equal(after.observedGeneration, 2);
  });

  it('moves the time when the status changes', () => {
    const before = setConditions([], [condition('Ready', false, 'PodsStarting')], {
      generation: 1,
      now: noon,
    });
    const [after] = setConditions(before, [condition('Ready', true, 'AllReplicasReady')], {
      generation: 1,
      now: noon + hour,
    });
    assert.equal(after?.lastTransitionTime, '2026-11-20T13:00:00Z');
  });

  it('gives an equal list for an equal state, however the statements are ordered', () => {
    const ready = condition('Ready', true, 'AllReplicasReady');
    const gpus = condition('GPUsAvailable', true, 'GPUsAvailable');
    const before = setConditions([], [ready, gpus], { generation: 1, now: noon });
    const after = setConditions(before, [gpus, ready], { generation: 1, now: noon + hour });
    assert.deepEqual(after, before);
  });

  it('drops what is no longer stated, and puts what is new at the end', () => {
    const observation = { generation: 1, now: noon };
    const before = setConditions(
      [],
      [condition('Ready', false, 'PodsStarting'), condition('Reconciling', true, 'CreatingPods')],
      observation,
    );
    const after = setConditions(
      before,
      [condition('Suspended', true, 'Suspended'), condition('Ready', false, 'Suspended')],
      observation,
    );
    assert.deepEqual(
      after.map(({ type }) => type),
      ['Ready', 'Suspended'],
    );
  });

  it('cuts a message at a bound, and never inside a character', () => {
    const long = `${'x'.repeat(1022)}😀${'y'.repeat(2000)}`;
    const [cut] = setConditions([], [condition('Ready', false, 'PodsFailing', long)], {
      generation: 1,
      now: noon,
    });
    assert.equal(cut?.message, `${'x'.repeat(1022)}…`);
    const [kept] = setConditions([], [condition('Ready', false, 'PodsFailing', 'z'.repeat(1024))], {
      generation: 1,
      now: noon,
    });
    assert.equal(kept?.message.length, 1024);
  });

  it('omits the generation of an object that has none', () => {
    const [only] = setConditions([], [condition('Ready', 'Unknown', 'CreatingPods')], {
      generation: undefined,
      now: 0,
    });
    assert.equal('observedGeneration' in (only ?? {}), false);
  });
});

describe('findCondition and isTrue', () => {
  const conditions: Condition[] = [
    { type: 'Ready', status: 'True', reason: 'AllReplicasReady', message: '', lastTransitionTime: '' },
    { type: 'Stalled', status: 'Unknown', reason: 'PodsFailing', message: '', lastTransitionTime: '' },
  ];

  it('find by type', () => {
    assert.equal(findCondition(conditions, 'Stalled')?.reason, 'PodsFailing');
    assert.equal(findCondition(undefined, 'Ready'), undefined);
  });

  it('count only True as true', () => {
    assert.equal(isTrue(conditions, 'Ready'), true);
    assert.equal(isTrue(conditions, 'Stalled'), false);
    assert.equal(isTrue(conditions, 'Suspended'), false);
  });
});
