import assert from 'node:assert/strict';
import { inFlightShare } from '../../src/controller/in-flight-share.ts';
import { slowStart } from '../../src/controller/slow-start.ts';

describe('controller/in-flight-share', () => {
  it('gives more to one alone, equal parts to several, and never less than one', () => {
    const share = inFlightShare({ alone: 12, shared: 8 });
    const first = share.join();
    assert.equal(first.limit(), 12);

    const others = Array.from({ length: 19 }, () => share.join());
    assert.deepEqual(
      [first, ...others].map((part) => part.limit()),
      new Array(20).fill(1),
    );

    others.slice(1).forEach((part) => part.leave());
    assert.deepEqual([first.limit(), others[0]?.limit()], [4, 4]);
  });

  it('counts nobody out twice', () => {
    const share = inFlightShare({ alone: 12, shared: 8 });
    const [a, b] = [share.join(), share.join()];
    b.leave();
    b.leave();
    assert.equal(a.limit(), 12);
    assert.equal(share.join().limit(), 4);
  });

  it('holds a large list back while a small one is at work', async () => {
    const share = inFlightShare({ alone: 12, shared: 8 });
    let running = 0;
    const seen: number[] = [];
    const large = share.join();
    let small: ReturnType<typeof share.join> | undefined;
    const items = Array.from({ length: 120 }, (_, index) => index);
    await slowStart(
      items,
      async (item) => {
        running++;
        seen.push(running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
        if (item === 20) {
          small = share.join();
        }
        if (item === 60) {
          small?.leave();
        }
      },
      { maxInFlight: () => large.limit() },
    );
    assert.equal(Math.max(...seen.slice(0, 21)), 11);
    assert.equal(Math.max(...seen.slice(36, 60)), 4);
    assert.equal(Math.max(...seen.slice(90)), 12);
  });
});
