import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { ensureAssets } from '../../../src/devcluster/control-plane/assets.ts';
import { startControlPlane, type ControlPlane } from '../../../src/devcluster/control-plane/control-plane.ts';
import type { AuditEvent } from '../../support/rbac-rules.ts';

/** A real control plane that writes down what service accounts of one namespace ask for. */
export interface AuditedControlPlane {
  readonly controlPlane: ControlPlane;
  /** For files of the test; removed by {@link stop}. */
  readonly folder: string;
  /** Every request so far that has been answered, watches from the moment they are. */
  auditEvents(): Promise<AuditEvent[]>;
  stop(): Promise<void>;
}

/** @param namespace whose service accounts are audited */
export async function startAuditedControlPlane(namespace: string): Promise<AuditedControlPlane> {
  const assets = await ensureAssets({ progress: (message) => process.stderr.write(`${message}\n`) });
  const folder = await mkdtemp(join(tmpdir(), 'headframe-audit-'));
  const policy = join(folder, 'policy.yaml');
  const log = join(folder, 'audit.log');
  await writeFile(policy, stringify(auditPolicy(namespace)));
  const controlPlane = await startControlPlane({
    assets,
    // Blocking: what has been answered has been written down.
    apiServerFlags: [
      `--audit-policy-file=${policy}`,
      `--audit-log-path=${log}`,
      '--audit-log-mode=blocking-strict',
    ],
  });
  return {
    controlPlane,
    folder,
    async auditEvents() {
      const text = await readFile(log, 'utf8');
      const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
      return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as AuditEvent);
    },
    async stop() {
      await controlPlane.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function auditPolicy(namespace: string): object {
  return {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    rules: [{ level: 'Metadata', userGroups: [`system:serviceaccounts:${namespace}`] }, { level: 'None' }],
  };
}
