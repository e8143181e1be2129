import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import packageJson from '../package.json' with { type: 'json' };
import { kubernetesVersion } from '../src/devcluster/control-plane/binaries.ts';
import type { BenchResult } from './report/result.ts';

/** What was measured, and on what. */
export function machineAndVersions(): Pick<BenchResult, 'headframe' | 'versions' | 'hardware'> {
  return {
    headframe: {
      version: packageJson.version,
      commit: git('rev-parse', '--short=12', 'HEAD'),
      modified: git('status', '--porcelain', '--', 'src', 'package-lock.json') !== '',
    },
    versions: {
      node: process.version,
      kubernetes: kubernetesVersion(goMod('controlplane')),
      kwok: /^\s*sigs\.k8s\.io\/kwok (v\S+)/m.exec(goMod('kwok'))?.[1] ?? 'unknown',
    },
    hardware: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 1024 ** 3),
      loadBefore: Number((loadavg()[0] ?? 0).toFixed(2)),
    },
  };
}

function goMod(module: string): string {
  return readFileSync(new URL(`../hack/${module}/go.mod`, import.meta.url), 'utf8');
}

/** `unknown` outside a git checkout. */
function git(...args: string[]): string {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}
