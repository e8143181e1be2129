import assert from 'node:assert/strict';
import { ApiError } from '../../src/kube/errors.ts';
import { createRecovery, type Recovery } from '../../src/kube/recovery.ts';
import { fixedConnection } from '../../src/kube/connection.ts';
import type { HttpRequest, Transport } from '../../src/kube/transport.ts';
import { manualClock, settle, type ManualClock } from '../support/manual-clock.ts';

const refused = new ApiError('nothing listens there', { code: 0, reason: 'ConnectionFailed' });
const broken = new ApiError('wrong inside', { code: 500, reason: 'InternalError' });
const forbidden = new ApiError('forbidden', { code: 403, reason: 'Forbidden' });

describe('recovery', () => {
  let clock: ManualClock;
  let recovery: Recovery;
  /** What the server says of itself; 0: nothing at once, undefined: nothing for ever. */
  let ready: number | undefined;
  /** When it was asked. */
  let looks: number[];
  let stop: AbortController;

  beforeEach(() => {
    clock = manualClock();
    looks = [];
    ready = 200;
    stop = new AbortController();
    const request = ({ path, signal }: HttpRequest): ReturnType<Transport['request']> => {
      assert.equal(path, '/readyz');
      looks.push(clock.monotonic());
      if (ready === undefined) {
        return new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(refused));
        });
      }
      return ready === 0
        ? Promise.reject(refused)
        : Promise.resolve({ status: ready, headers: {}, body: '' });
    };
    const transport: Transport = {
      request,
      stream: () => Promise.reject(refused),
      close: () => undefined,
      connection: fixedConnection('https://127.0.0.1:1'),
    };
    recovery = createRecovery({ transport, clock, random: () => 0 });
  });
  afterEach(async () => {
    stop.abort();
    await settle();
    assert.equal(clock.pending(), 0, 'a timer was left behind');
  });

  /** Waits; says when it was over. */
  function pause(error: Error, waitMs: number): { endedAt: number | undefined } {
    const wait: { endedAt: number | undefined } = { endedAt: undefined };
    void recovery.pause(error, waitMs, stop.signal).then(() => (wait.endedAt = clock.monotonic()));
    return wait;
  }

  for (const [name, away] of [
    ['refuses connections', 0],
    ['says that it is not ready', 500],
    ['says nothing', undefined],
  ] as const) {
    it(`waits as long as the server ${name}, and ends for all at once within 1.25 s of its return`, async () => {
      ready = away;
      const waits = [pause(refused, 800), pause(broken, 1600), pause(forbidden, 25_000)];
      await clock.advance(12_345);
      assert.deepEqual(waits, Array(3).fill({ endedAt: undefined }));
      ready = 200;
      await clock.advance(1250);
      assert.ok(waits.every(({ endedAt }) => endedAt !== undefined && endedAt === waits[0]!.endedAt));
    });
  }

  it('asks four times a second for all who wait', async () => {
    ready = 0;
    for (let count = 0; count < 5; count++) {
      pause(refused, 800);
    }
    await clock.advance(900);
    assert.deepEqual(looks, [0, 250, 500, 750]);
  });

  it('lets everybody try after 30 s, whatever the server says of itself', async () => {
    ready = 0;
    const wait = pause(refused, 800);
    await clock.advance(30_000);
    assert.equal(wait.endedAt, 30_000);
  });

  it('ends nobody’s wait sooner when the server was there all the time', async () => {
    const wait = pause(broken, 5000);
    await clock.advance(6000);
    assert.equal(wait.endedAt, 5000);
    assert.deepEqual(looks, [0]);
  });

  it('does not ask a server that is plainly there', async () => {
    const wait = pause(forbidden, 800);
    await clock.advance(800);
    assert.equal(wait.endedAt, 800);
    assert.deepEqual(looks, []);
  });

  it('takes one who will not say whether it is ready to be there', async () => {
    ready = 403;
    const wait = pause(refused, 800);
    await clock.advance(800);
    assert.equal(wait.endedAt, 800);
  });

  it('stops asking when nobody waits any more', async () => {
    ready = 0;
    pause(refused, 800);
    await clock.advance(400);
    stop.abort();
    await clock.advance(60_000);
    assert.deepEqual(looks, [0, 250]);
  });
});
