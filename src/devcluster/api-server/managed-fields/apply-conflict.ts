import { pathText, type Path } from './path-element.ts';
import type { ManagedEntry } from './managers.ts';

/** What one manager owns of what an applied configuration would change. */
export interface ManagerConflict {
  readonly manager: string;
  readonly operation: 'Update' | 'Apply';
  readonly apiVersion: string;
  readonly subresource?: string;
  readonly time?: string;
  /** Such as `.spec.replicas`. */
  readonly fields: readonly string[];
}

/** A cause of the Status that the client gets. */
export interface ConflictCause {
  readonly reason: 'FieldManagerConflict';
  readonly message: string;
  readonly field: string;
}

/** 409 Conflict: others own what would be changed, and nobody forced it. Message and causes are worded as upstream words them. */
export class ApplyConflict extends Error {
  override readonly name = 'ApplyConflict';
  readonly conflicts: readonly ManagerConflict[];
  /** For `details.causes` of the Status. */
  readonly causes: readonly ConflictCause[];

  constructor(conflicts: readonly ManagerConflict[]) {
    super(messageOf(conflicts));
    this.conflicts = conflicts;
    this.causes = conflicts.flatMap((conflict) =>
      conflict.fields.map((field) => ({
        reason: 'FieldManagerConflict' as const,
        message: `conflict with ${managerText(conflict)}`,
        field,
      })),
    );
  }
}

/** The entry and the paths in conflict with it. */
export function managerConflict(entry: ManagedEntry, paths: readonly Path[]): ManagerConflict {
  const { manager, operation, apiVersion, subresource, time } = entry;
  return {
    manager,
    operation,
    apiVersion,
    ...(subresource === undefined ? {} : { subresource }),
    ...(time === undefined ? {} : { time }),
    fields: paths.map(pathText),
  };
}

function messageOf(conflicts: readonly ManagerConflict[]): string {
  const [first] = conflicts;
  const total = conflicts.reduce((count, { fields }) => count + fields.length, 0);
  if (first !== undefined && total === 1) {
    return `Apply failed with 1 conflict: conflict with ${managerText(first)}: ${first.fields.join()}`;
  }
  const lines = conflicts.flatMap((conflict) => [
    `conflicts with ${managerText(conflict)}:`,
    ...conflict.fields.map((field) => `- ${field}`),
  ]);
  return `Apply failed with ${total} conflicts: ${lines.join('\n')}`;
}

/** An applier is the same in all versions, so its version says nothing. */
function managerText({ manager, operation, apiVersion, subresource }: ManagerConflict): string {
  const name = JSON.stringify(manager);
  const through = subresource === undefined ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  return `${name}${through}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}
