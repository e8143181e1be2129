import assert from 'node:assert/strict';
import {
  commandLine,
  programOf,
  shellImages,
  type Program,
  type RunnableProgram,
} from '../../../src/devcluster/node-agent/images.ts';

const program: Program = { kind: 'program', command: ['node', 'miner.mjs'] };
const table = { ...shellImages, 'headframe/reference-miner': program };

describe('programOf', () => {
  const cases: [string, Program['kind']][] = [
    ['headframe/reference-miner', 'program'],
    ['headframe/reference-miner:0.1.0', 'program'],
    ['ghcr.io/headframe/reference-miner@sha256:0123', 'program'],
    ['localhost:5000/headframe/reference-miner:0.1', 'program'],
    ['other-headframe/reference-miner', 'idle'],
    ['busybox:1.36', 'shell'],
    ['docker.io/library/busybox', 'shell'],
    ['nvidia/cuda:12', 'idle'],
    ['', 'idle'],
  ];
  for (const [image, kind] of cases) {
    it(`${JSON.stringify(image)} is ${kind}`, () => {
      assert.equal(programOf(image, table).kind, kind);
    });
  }

  it('prefers the longest name', () => {
    const both = { shell: { kind: 'idle' }, 'headframe/shell': { kind: 'shell' } } as const;
    assert.equal(programOf('registry/headframe/shell', both).kind, 'shell');
  });
});

describe('commandLine', () => {
  const shell: Program = { kind: 'shell' };
  const cases: [string, RunnableProgram, { command?: string[]; args?: string[] }, string[]][] = [
    ['a program with its arguments', program, { args: ['-v'] }, ['node', 'miner.mjs', '-v']],
    ['a program replaced by the command', program, { command: ['sh', '-c'], args: ['x'] }, ['sh', '-c', 'x']],
    ['a shell command', shell, { command: ['sh', '-c', 'exit 1'] }, ['sh', '-c', 'exit 1']],
    ['a shell image without a command, which sleeps', shell, {}, ['sleep', '2147483647']],
  ];
  for (const [title, kind, container, expected] of cases) {
    it(`is that of ${title}`, () => {
      assert.deepEqual(commandLine(kind, container), expected);
    });
  }
});
