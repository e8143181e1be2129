import { Transform } from 'node:stream';
import type { Clock } from '../../../time/clock.ts';

/** How often a drop falls. */
const DROP_MS = 50;

/** Lets at most `bytesPerSecond` pass. */
export function trickle(bytesPerSecond: number, clock: Clock): Transform {
  const dropBytes = Math.max(1, Math.round((bytesPerSecond * DROP_MS) / 1000));
  let timer = clock.after(0, () => undefined);
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      const drop = (start: number): void => {
        this.push(chunk.subarray(start, start + dropBytes));
        timer = clock.after(DROP_MS, () => {
          if (start + dropBytes >= chunk.length) {
            next();
          } else {
            drop(start + dropBytes);
          }
        });
      };
      drop(0);
    },
    destroy(error, next) {
      timer.cancel();
      next(error);
    },
  });
}
