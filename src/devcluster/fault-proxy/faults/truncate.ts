import { Transform } from 'node:stream';

const NEWLINE = 0x0a;

/** Lets `afterLines` lines pass, then half of the next one, then ends. */
export function truncateLines(afterLines: number, onEnd: () => void): Transform {
  let whole = 0;
  let done = false;
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      if (done) {
        next();
        return;
      }
      let start = 0;
      while (whole < afterLines) {
        const newline = chunk.indexOf(NEWLINE, start);
        if (newline < 0) {
          next(null, chunk);
          return;
        }
        start = newline + 1;
        whole++;
      }
      const line = chunk.subarray(start, endOfLine(chunk, start));
      if (line.length === 0) {
        next(null, chunk);
        return;
      }
      done = true;
      this.push(chunk.subarray(0, start + Math.ceil(line.length / 2)));
      this.push(null);
      onEnd();
      next();
    },
  });
}

function endOfLine(chunk: Buffer, start: number): number {
  const newline = chunk.indexOf(NEWLINE, start);
  return newline < 0 ? chunk.length : newline;
}
