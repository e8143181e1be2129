import assert from 'node:assert/strict';
import { get, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import {
  startKubeletServer,
  type KubeletServer,
  type KubeletServices,
} from '../../../src/devcluster/node-agent/kubelet-server.ts';
import { openLogFile, type LogFile } from '../../../src/devcluster/node-agent/log-file.ts';
import { selfSignedCertificate } from '../../../src/devcluster/tls/self-signed-certificate.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { eventually } from '../../support/eventually.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('kubelet server', () => {
  const folder = temporaryFolder();
  let server: KubeletServer;
  let log: LogFile;
  let reachable: boolean;

  const client = selfSignedCertificate({ commonName: 'api', usage: 'client', now: Date.now() });

  beforeEach(async () => {
    reachable = true;
    log = openLogFile({ path: join(folder(), '1.log'), now: () => Date.now() });
    const previous = openLogFile({ path: join(folder(), '0.log'), now: () => Date.now() });
    previous.write('stdout', Buffer.from('crashed\n'));
    previous.close();
    const services: KubeletServices = {
      isReachable: () => reachable,
      containerLog({ namespace, name }, container, before) {
        if (`${namespace}/${name}` !== 'mines/miner-0') {
          return undefined;
        }
        if (container === 'waiting') {
          return 'container "waiting" in pod "miner-0" is waiting to start: ContainerCreating';
        }
        return before ? { path: join(folder(), '0.log') } : { file: log, path: join(folder(), '1.log') };
      },
    };
    server = await startKubeletServer(services, {
      clock: systemClock,
      clientCertificate: client.certificate,
    });
  });
  afterEach(async () => {
    log.close();
    await server.close();
  });

  function open(path: string, who: RequestOptions = { cert: client.certificate, key: client.key }) {
    return new Promise<IncomingMessage>((resolve, reject) => {
      const options = { ...who, rejectUnauthorized: false, agent: false } as const;
      get(`https://127.0.0.1:${server.port}${path}`, options, resolve).once('error', reject);
    });
  }

  async function ask(path: string): Promise<{ status: number; body: string }> {
    const answer = await open(path);
    let body = '';
    for await (const chunk of answer) {
      body += String(chunk);
    }
    return { status: answer.statusCode ?? 0, body };
  }

  const logs = '/containerLogs/mines/miner-0/main';

  it('gives a log, or its end, or the bytes that are asked for', async () => {
    log.write('stdout', Buffer.from('one\ntwo\nthree\n'));

    assert.deepEqual(await ask(logs), { status: 200, body: 'one\ntwo\nthree\n' });
    assert.equal((await ask(`${logs}?tailLines=2`)).body, 'two\nthree\n');
    assert.equal((await ask(`${logs}?limitBytes=6`)).body, 'one\ntw');
    assert.match((await ask(`${logs}?timestamps=true&tailLines=1`)).body, /^\d{4}-.*\.\d{9}Z three\n$/);
    assert.equal((await ask(`${logs}?previous=true`)).body, 'crashed\n');
  });

  it('follows a log to its end, with nothing lost and nothing twice', async () => {
    log.write('stdout', Buffer.from('old\nbefore\n'));
    const answer = await open(`${logs}?follow=true&tailLines=1`);
    let body = '';
    answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
    await eventually(() => body === 'before\n');

    log.write('stdout', Buffer.from('a\nb\n'));
    await eventually(() => body === 'before\na\nb\n');
    log.close();
    await eventually(() => answer.complete);
    assert.equal(body, 'before\na\nb\n');
  });

  it('stops following when enough bytes have come', async () => {
    const answer = ask(`${logs}?follow=true&limitBytes=3`);
    await eventually(() => {
      log.write('stdout', Buffer.from('xy\n'));
      return true;
    });

    const feed = setInterval(() => log.write('stdout', Buffer.from('xy\n')), 5);
    assert.equal((await answer).body, 'xy\n');
    clearInterval(feed);
  });

  it('says why there is no log', async () => {
    assert.equal((await ask('/containerLogs/mines/other/main')).status, 404);
    const waiting = await ask('/containerLogs/mines/miner-0/waiting');
    assert.equal(waiting.status, 400);
    assert.match(waiting.body, /is waiting to start/);
    assert.equal((await ask(`${logs}?tailLines=x`)).status, 422);
    assert.equal((await ask('/exec/mines/miner-0/main')).status, 501);
  });

  it('is not there for a node that is cut off', async () => {
    reachable = false;

    await assert.rejects(ask(logs), { code: 'ECONNRESET' });
  });

  it('answers nobody but the API server', async () => {
    await assert.rejects(open(logs, {}));
  });

  it('closes though somebody still follows', async () => {
    const answer = await open(`${logs}?follow=true`);
    answer.on('error', () => undefined);

    await server.close();
  });
});
