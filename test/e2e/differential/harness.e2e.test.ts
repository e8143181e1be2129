import assert from 'node:assert/strict';
import type { Json, JsonObject } from '../../../src/devcluster/api-server/schema/schema.ts';
import { selfSignedCertificate } from '../../../src/devcluster/tls/self-signed-certificate.ts';
import {
  answerJson,
  startScriptedApiServer,
  type ScriptedApiServer,
} from '../../support/scripted-api-server.ts';
import { topics } from './cases.ts';
import { differences, type Difference } from './compare.ts';
import { explanation } from './known-differences.ts';
import { normalised } from './normalise.ts';
import { prepare } from './prepare.ts';
import { runCase } from './run-case.ts';
import { connect, type Connection, type HttpAnswer } from './side.ts';
import { startRealTwice, type Sides } from './start-sides.ts';

/** The server behind `connection`, with every answer changed. Knows no watches. */
async function alteringProxy(
  connection: Connection,
  alter: (answer: HttpAnswer) => HttpAnswer,
): Promise<{ server: ScriptedApiServer; connection: Connection }> {
  const own = selfSignedCertificate({
    commonName: 'proxy',
    addresses: ['127.0.0.1'],
    usage: 'server',
    now: Date.now(),
  });
  const server = await startScriptedApiServer(
    async ({ method, path, query, headers, body }, response) => {
      const type = headers['content-type'];
      const answer = await connection.send({
        method,
        path: query.size === 0 ? path : `${path}?${query.toString()}`,
        headers: type === undefined ? {} : { 'content-type': type },
        ...(body === '' ? {} : { body }),
      });
      const { status, headers: sent, body: altered } = alter(answer);
      answerJson(response, altered, { status, headers: sent as Record<string, string> });
    },
    { key: own.key, cert: own.certificate },
  );
  const side = { ...connection.side, url: server.url.origin, ca: own.certificate };
  return { server, connection: connect(side) };
}

/** A copy in which each string that is `from` is `to`. */
function replaced(value: Json, from: string, to: string): Json {
  return JSON.parse(JSON.stringify(value).replaceAll(JSON.stringify(from), JSON.stringify(to))) as Json;
}

describe('The differential harness', () => {
  // The first two cases of each topic stand for all.
  const cases = Object.values(topics).flatMap((members) => members.slice(0, 2));
  const [probe] = topics['verbs'] ?? [];
  let sides: Sides;
  let one: Connection;
  let two: Connection;

  before(async () => {
    sides = await startRealTwice();
    one = connect(sides.real);
    two = connect(sides.embedded);
    await Promise.all([prepare(one, cases), prepare(two, cases)]);
  });

  after(async () => {
    one.close();
    two.close();
    await sides.stop();
  });

  for (const each of cases) {
    it(`finds no difference between a real server and itself: ${each.name}`, async () => {
      const [expected, actual] = await Promise.all([runCase(one, each), runCase(two, each)]);
      assert.deepEqual(differences(each.name, normalised(expected), normalised(actual)), []);
    });
  }

  const alterations: readonly {
    what: string;
    alter: (answer: HttpAnswer) => HttpAnswer;
    path: RegExp;
  }[] = [
    { what: 'a value', alter: (a) => ({ ...a, body: replaced(a.body, 'v', 'x') }), path: /^body\.data\.k$/ },
    {
      what: 'a status',
      alter: (a) => ({ ...a, status: a.status === 201 ? 200 : a.status }),
      path: /^status$/,
    },
    {
      what: 'a header',
      alter: (a) => ({ ...a, headers: { ...a.headers, warning: '299 - "w"' } }),
      path: /^headers\.warning$/,
    },
    {
      what: 'a field too many',
      alter: (a) => ({ ...a, body: { ...(a.body as JsonObject), surplus: true } }),
      path: /^body\.surplus$/,
    },
    {
      what: 'a manager of fields',
      alter: (a) => ({ ...a, body: replaced(a.body, 'differential', 'unknown') }),
      path: /^body\.metadata\.managedFields\[0\]\.manager$/,
    },
    {
      what: 'a resourceVersion that stands still',
      alter: (a) => ({
        ...a,
        body: JSON.parse(
          JSON.stringify(a.body).replaceAll(/"resourceVersion":"\d+"/g, '"resourceVersion":"7"'),
        ) as Json,
      }),
      // The next step sends the version back, and is refused.
      path: /^(status|body\.metadata\.resourceVersion)$/,
    },
  ];
  for (const { what, alter, path } of alterations) {
    it(`finds ${what}`, async () => {
      const proxy = await alteringProxy(two, alter);
      assert.ok(probe !== undefined);
      const [expected, actual] = await Promise.all([runCase(one, probe), runCase(proxy.connection, probe)]);
      proxy.connection.close();
      await proxy.server.close();

      const found = differences(probe.name, normalised(expected), normalised(actual));

      assert.ok(
        found.some((difference) => path.test(difference.path)),
        JSON.stringify(found),
      );
    });
  }

  it('explains a difference only by a rule of which all parts fit', () => {
    const difference: Difference = {
      case: 'a b',
      step: '1 GET x',
      path: 'body.x',
      real: 1,
      embedded: undefined,
    };
    const reason = 'because';
    const explains = (rule: object): boolean => explanation(difference, [{ reason, ...rule }]) !== undefined;

    assert.deepEqual(
      [
        { case: /^a/, path: /x$/, real: /1/, embedded: /^nothing$/ },
        { case: /^b/, path: /x$/ },
        { case: /^a/, path: /y$/ },
        { path: /x$/, real: /2/ },
        { path: /x$/, embedded: /1/ },
      ].map(explains),
      [true, false, false, false, false],
    );
  });
});
