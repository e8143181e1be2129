import assert from 'node:assert/strict';
import { readFileSync, existsSync } from 'node:fs';
import { basename } from 'node:path';
import { Command } from 'commander';
import { addOperatorFlags } from '../../src/commands/operator-settings.ts';
import type { KubeObject } from '../../src/api/kube-object.ts';
import { only, release } from '../support/chart.ts';
import { BUNDLE } from '../support/operator.ts';
import type { PodSpec } from '../support/pod-security.ts';

const top = new URL('../../', import.meta.url);
const text = (path: string): string => readFileSync(new URL(path, top), 'utf8');

/** The instructions of the Dockerfile, a line each. */
const instructions = text('Dockerfile')
  .split('\n')
  .filter((line) => /^[A-Z]+ /.test(line))
  .map((line) => line.split(' ') as [string, ...string[]]);
const last = (name: string): string[] => instructions.findLast(([word]) => word === name)!.slice(1);

interface Deployment extends KubeObject {
  readonly spec: {
    readonly template: { readonly spec: PodSpec & { securityContext: { runAsUser: number } } };
  };
}

/* No test here can build the image; these hold it to the chart that runs it. */
describe('the image', function () {
  this.timeout(60_000);
  let pod: Deployment['spec']['template']['spec'];

  before(async () => {
    pod = only<Deployment>(await release(), 'Deployment').spec.template.spec;
  });

  it('copies what there is: files of the repository, and what the build makes', () => {
    const copied = instructions.filter(([word, source]) => word === 'COPY' && !source?.startsWith('--from'));
    for (const source of copied.flatMap(([, ...paths]) => paths.slice(0, -1))) {
      assert.ok(existsSync(new URL(source, top)), source);
    }
    const ignored = text('.dockerignore').split('\n');
    for (const needed of ['src', 'hack', 'package.json', 'package-lock.json', 'tsconfig.json']) {
      assert.ok(!ignored.includes(needed), needed);
    }
    assert.ok(existsSync(BUNDLE), BUNDLE);
    assert.deepEqual(last('ENTRYPOINT').join(' '), `["/nodejs/bin/node", "/app/${basename(BUNDLE)}"]`);
  });

  it('runs as the user that the chart names, by number', () => {
    const { runAsUser } = pod.securityContext;

    assert.deepEqual(last('USER'), [`${runAsUser}:${runAsUser}`]);
    assert.ok(runAsUser > 0);
  });

  it('exposes the ports of the chart, which are the operator’s', () => {
    const [container] = pod.containers;
    const ports = container!.ports.map(({ containerPort }) => String(containerPort));

    assert.deepEqual(last('EXPOSE'), ports);
    const defaults = addOperatorFlags(new Command()).opts<Record<string, { port: number }>>();
    assert.deepEqual(ports, [
      String(defaults['metricsBindAddress']?.port),
      String(defaults['healthProbeBindAddress']?.port),
    ]);
  });

  it('takes every argument that the chart gives', () => {
    const [name, ...args] = pod.containers[0]!.args;
    assert.equal(name, 'operator');

    const settings = addOperatorFlags(new Command().exitOverride()).parse(args, { from: 'user' }).opts();

    assert.equal(settings['leaderElectionNamespace'], 'headframe-system');
    assert.equal(settings['leaderElectionId'], 'headframe-operator');
    assert.equal(settings['drainTimeoutSeconds'], 30);
  });

  it('is of a Node version that the package supports', () => {
    const from = instructions.filter(([word]) => word === 'FROM').map(([, image = '']) => image);
    const versions = from.map((image) => /node(?:js)?:?(\d+)/.exec(image)?.[1]);

    assert.equal(new Set(versions).size, 1, from.join());
    assert.ok(Number(versions[0]) >= 20);
  });
});
