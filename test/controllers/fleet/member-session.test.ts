import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { Pods } from '../../../src/api/builtin.ts';
import { type MemberSession, openSession } from '../../../src/controllers/fleet/member-session.ts';
import { fixedConnection } from '../../../src/kube/connection.ts';
import { ApiError } from '../../../src/kube/errors.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { eventually } from '../../support/eventually.ts';
import { manualClock } from '../../support/manual-clock.ts';
import {
  type RecordedRequest,
  type ScriptedApiServer,
  answerJson,
  answerStatus,
  openWatch,
  startScriptedApiServer,
} from '../../support/scripted-api-server.ts';

describe('controllers/fleet/member-session', () => {
  let server: ScriptedApiServer;
  let session: MemberSession;

  /** A cluster without nodes and pods that wants to be left alone for half a minute by whoever writes. */
  function overloaded({ method, path }: RecordedRequest, response: ServerResponse): void {
    if (method === 'DELETE') {
      answerStatus(response, { code: 429, reason: 'TooManyRequests' }, { 'Retry-After': '30' });
    } else if (path.endsWith('/kube-system')) {
      answerJson(response, { metadata: { name: 'kube-system', uid: 'u' } });
    } else {
      openWatch(response).initialEventsEnd(path.endsWith('/nodes') ? 'Node' : 'Pod', '1');
    }
  }

  beforeEach(async () => {
    server = await startScriptedApiServer(overloaded);
    session = openSession(
      fixedConnection(server.url),
      { clock: manualClock(), log: silentLogger, fence: (client) => client },
      { changed: () => undefined, podChanged: () => undefined },
    );
    await eventually(() => session.view().kind === 'reachable');
  });
  afterEach(async () => {
    await session.close();
    await server.close();
  });

  it('hands a refusal on at once, with the time that the server asked for: no worker waits for it', async () => {
    const view = session.view();
    assert.ok(view.kind === 'reachable');

    // The clock stands still.
    await assert.rejects(view.client.delete(Pods, { namespace: 'x', name: 'y' }), (error) => {
      assert.ok(error instanceof ApiError);
      assert.deepEqual([error.code, error.retryAfterSeconds], [429, 30]);
      return true;
    });
    assert.equal(server.requests.filter(({ method }) => method === 'DELETE').length, 1);
  });
});
