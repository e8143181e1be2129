import assert from 'node:assert/strict';
import type { PodError } from '../../../src/compute/quarantine/pod-errors.ts';
import { xidSeverity } from '../../../src/compute/quarantine/xid-codes.ts';
import { type XidError, xidFailures } from '../../../src/compute/quarantine/xid-failures.ts';
import { NOW } from '../../support/pool-objects.ts';

const SECOND = 1000;

/** Seen first so many seconds after NOW, and 30 s before not yet; `always`: it was there before anybody looked. */
function error(code: number, seen: number | 'always', options: Partial<XidError> = {}): XidError {
  const since = seen === 'always' ? undefined : NOW + seen * SECOND;
  const lastWithout = since === undefined ? undefined : since - 30 * SECOND;
  return { node: 'n', gpu: 'GPU-1', code, since, lastWithout, ...options };
}

/** Bound and failed so many seconds after NOW. */
function pod(uid: string, from: number, at: number, node = 'n'): PodError {
  return { node, uid, from: NOW + from * SECOND, at: NOW + at * SECOND };
}

describe('compute/quarantine/xid-failures', () => {
  const table: [what: string, errors: XidError[], pods: PodError[], told: string[]][] = [
    ['pods that fail where no GPU shows an error', [], [pod('a', 0, 10)], []],
    ['an error that was always there', [error(79, 'always')], [], []],
    ['a fatal error that is new', [error(79, 60)], [], ['XID 79: enough']],
    ['another error that is new', [error(94, 60)], [], ['XID 94: once']],
    [
      'errors of applications, and the pods that fail with them',
      [error(31, 60), error(13, 'always')],
      [pod('a', 0, 50)],
      [],
    ],
    [
      'pod after pod, with a fatal error that was always there',
      [error(79, 'always')],
      [pod('a', 0, 10), pod('b', 20, 30), pod('c', 40, 50)],
      ['a pod with XID 79: once', 'b pod with XID 79: once', 'c pod with XID 79: once'],
    ],
    [
      'pod after pod, with a fatal error that came with the first of them',
      [error(79, 20)],
      [pod('a', -100, 10), pod('b', 30, 40), pod('c', 50, 60)],
      ['XID 79: enough', 'b pod with XID 79: once', 'c pod with XID 79: once'],
    ],
    [
      'a pod that fails where an error that goes by was always there',
      [error(94, 'always')],
      [pod('a', 0, 10)],
      [],
    ],
    [
      'a pod that was bound after such an error had come',
      [error(94, 60)],
      [pod('a', 70, 80)],
      ['XID 94: once'],
    ],
    [
      'the pod that such an error ended: one failure, not two; others that it ended are more',
      [error(94, 60)],
      [pod('b', 0, 55), pod('a', 0, 50)],
      ['XID 94: once', 'b pod with XID 94: once'],
    ],
    [
      'a pod that failed long before the error came',
      [error(79, 600)],
      [pod('a', 0, 100)],
      ['XID 79: enough'],
    ],
    [
      'a pod that failed before the exporter had collected the error',
      [error(79, 600)],
      [pod('a', 0, 520)],
      ['XID 79: enough'],
    ],
    [
      'a pod that runs on and fails again, later',
      [error(94, 60)],
      [pod('a', 0, 300)],
      ['XID 94: once', 'a pod with XID 94: once'],
    ],
    ['a pod on another node', [error(79, 'always', { node: 'm' })], [pod('a', 0, 10)], []],
    [
      'the same error of two GPUs',
      [error(94, 60), error(94, 60, { gpu: 'GPU-2' })],
      [],
      ['XID 94: once', 'XID 94: once'],
    ],
    [
      'a pod on a node with two errors: once',
      [error(79, 'always'), error(48, 'always', { gpu: 'GPU-2' })],
      [pod('a', 0, 10)],
      ['a pod with XID 79: once'],
    ],
  ];
  for (const [what, errors, pods, told] of table) {
    it(what, () => {
      const found = xidFailures(errors, pods);
      assert.deepEqual(
        found.map(
          ({ id, what: said, counts }) => `${id.startsWith('xid-') ? '' : `${id} `}${said}: ${counts}`,
        ),
        told,
      );
      assert.equal(new Set(found.map(({ id }) => id)).size, found.length, 'each has an id of its own');
    });
  }

  it('tells the same error from another of the same code, and keeps ids within their length', () => {
    const ids = [error(94, 60), error(94, 120)].map((each) => xidFailures([each], [])[0]?.id);
    assert.notEqual(ids[0], ids[1]);
    const long = error(94, 60, { gpu: 'G'.repeat(300) });
    assert.equal(xidFailures([long], [])[0]?.id.length, 128);
  });

  it('takes for fatal what needs a reset, for an application’s what the device plugin takes for one', () => {
    const severities = [13, 31, 43, 45, 48, 62, 63, 64, 68, 74, 79, 94, 95, 109, 119, 120, 140, 999].map(
      (code) => `${code} ${xidSeverity(code)}`,
    );
    assert.deepEqual(severities, [
      '13 application',
      '31 application',
      '43 application',
      '45 application',
      '48 fatal',
      '62 fatal',
      '63 other',
      '64 fatal',
      '68 application',
      '74 fatal',
      '79 fatal',
      '94 other',
      '95 fatal',
      '109 application',
      '119 fatal',
      '120 fatal',
      '140 fatal',
      '999 other',
    ]);
  });
});
