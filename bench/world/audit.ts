import { readFile } from 'node:fs/promises';
import { stringify } from 'yaml';

/** One line of kube-apiserver's audit log, as far as it is read here. */
export interface AuditEntry {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly objectRef?: {
    readonly resource?: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly subresource?: string;
  };
  readonly responseStatus?: { readonly code?: number };
  /** RFC 3339 with microseconds: when the request came in... */
  readonly requestReceivedTimestamp: string;
  /** ...and when its answer was complete. */
  readonly stageTimestamp: string;
}

/**
 * What is logged: every request of the operator but the creation of pods, whose lines would slow down what is measured; and in
 * `watchedNamespaces`, small enough not to matter, the creation of pods too, and who made or changed which pool.
 */
export function auditPolicy(operatorUser: string, watchedNamespaces: readonly string[]): string {
  const pools = { group: 'headframe.dev', resources: ['minerpools'] };
  const pods = { group: '', resources: ['pods'] };
  return stringify({
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived', 'ResponseStarted', 'Panic'],
    rules: [
      {
        level: 'Metadata',
        namespaces: [...watchedNamespaces],
        verbs: ['create', 'patch'],
        resources: [pools, pods],
      },
      { level: 'None', verbs: ['create'], resources: [pods] },
      { level: 'Metadata', users: [operatorUser] },
      { level: 'None' },
    ],
  });
}

/** The entries so far. A line that is still being written is left out. */
export async function readAudit(file: string): Promise<AuditEntry[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return parseAudit(text);
}

/** The last creation of a pod, or the last change or creation of a pool, by name. Subresources do not count. */
export function entriesByName(
  entries: readonly AuditEntry[],
  verb: 'create' | 'patch',
  resource: 'pods' | 'minerpools',
): ReadonlyMap<string, AuditEntry> {
  return new Map(
    entries
      .filter(
        ({ verb: its, objectRef }) =>
          its === verb && objectRef?.resource === resource && objectRef.subresource === undefined,
      )
      .map((entry) => [entry.objectRef?.name ?? '', entry]),
  );
}

export function parseAudit(text: string): AuditEntry[] {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditEntry);
}

/** Microseconds since 1970 of a time with up to six fraction digits: Date has only three. */
export function microseconds(time: string): number {
  const [, seconds = '', fraction = ''] = /^(.*?)(?:\.(\d{1,6}))?Z$/.exec(time) ?? [];
  return Date.parse(`${seconds}Z`) * 1000 + Number(fraction.padEnd(6, '0'));
}
