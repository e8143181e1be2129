import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Transform } from 'node:stream';
import type { Clock } from '../../time/clock.ts';
import type { Fault } from './fault.ts';
import { expireWatch } from './faults/expire.ts';
import { trickle } from './faults/trickle.ts';
import { truncateLines } from './faults/truncate.ts';
import { answerHeaders } from './upstream.ts';

/** One answer on its way from the API server to the client. */
export interface Passage {
  readonly answer: IncomingMessage;
  readonly response: ServerResponse;
  readonly clock: Clock;
  /** Resets the client's connection. */
  readonly reset: () => void;
}

/** Passes head and body on as they come, spoilt by the fault if there is one. */
export function passOn(passage: Passage, fault: Fault | undefined): void {
  const { answer, response, reset } = passage;
  const headers = answerHeaders(answer);
  if (fault !== undefined) {
    // The body may become shorter than it was announced.
    delete headers['content-length'];
  }
  response.writeHead(answer.statusCode ?? 502, headers);
  response.flushHeaders();
  response.on('close', () => answer.destroy());
  answer.on('error', reset);
  const filter = filterOf(passage, fault);
  if (filter === undefined) {
    answer.pipe(response);
  } else {
    response.on('close', () => filter.destroy());
    answer.pipe(filter).pipe(response);
  }
  spoil(passage, fault);
}

function filterOf({ answer, clock }: Passage, fault: Fault | undefined): Transform | undefined {
  const hangUp = (): void => void answer.destroy();
  switch (fault?.kind) {
    case 'truncate':
      return truncateLines(fault.afterLines, hangUp);
    case 'expire':
      return expireWatch(fault.afterMs, clock, hangUp);
    case 'trickle':
      return trickle(fault.bytesPerSecond, clock);
    case 'drop':
    case 'stall':
    case 'latency':
    case 'reset':
    case 'status':
    case undefined:
      return undefined;
  }
}

/** What befalls an answer after a while, whatever it carries. */
function spoil({ answer, response, clock, reset }: Passage, fault: Fault | undefined): void {
  if (fault?.kind !== 'drop' && fault?.kind !== 'stall') {
    return;
  }
  const timer = clock.after(fault.afterMs, () => {
    answer.unpipe(response);
    answer.off('error', reset);
    answer.destroy();
    if (fault.kind === 'drop') {
      if (fault.how === 'end') {
        response.end();
      } else {
        reset();
      }
    }
  });
  response.on('close', () => timer.cancel());
}
