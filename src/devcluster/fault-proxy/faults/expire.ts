import { Transform } from 'node:stream';
import type { Clock } from '../../../time/clock.ts';
import { statusObject } from './status-answer.ts';

const NEWLINE = 0x0a;

/** Ends a watch after `afterMs` with an ERROR event of code 410, between two lines. */
export function expireWatch(afterMs: number, clock: Clock, onEnd: () => void): Transform {
  let due = false;
  let done = false;
  let betweenLines = true;
  const timer = clock.after(afterMs, () => {
    due = true;
    if (betweenLines) {
      end();
    }
  });
  function end(): void {
    done = true;
    const event = { type: 'ERROR', object: statusObject({ code: 410, reason: 'Expired' }) };
    stream.push(`${JSON.stringify(event)}\n`);
    stream.push(null);
    onEnd();
  }
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      if (!done) {
        const last = chunk.lastIndexOf(NEWLINE) + 1;
        betweenLines = last === chunk.length;
        if (due && last > 0) {
          this.push(chunk.subarray(0, last));
          end();
        } else {
          this.push(chunk);
        }
      }
      next();
    },
    flush(next) {
      timer.cancel();
      next();
    },
    destroy(error, next) {
      timer.cancel();
      next(error);
    },
  });
  return stream;
}
