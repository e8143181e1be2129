import type { PrinterColumn, Resource } from '../resources/resource.ts';
import type { Json, JsonObject, Schema } from '../schema/schema.ts';
import { builtinColumns, defaultColumns, ageColumn, nameColumn } from './builtin-columns.ts';
import type { Column } from './column.ts';
import { customCell } from './custom-columns.ts';

export interface TableOptions {
  /** `metadata` of the list, or the resource version of the one object. */
  readonly listMeta: JsonObject;
  /** What of each object the rows carry. */
  readonly includeObject: 'Metadata' | 'Object' | 'None';
  /** Milliseconds since the epoch: ages are counted to this. */
  readonly now: number;
}

/** A meta.k8s.io/v1 Table of objects of a resource, as `kubectl get` asks for it. Ages are in words; kubectl prints cells as they are. */
export function tableOf(
  resource: Resource,
  objects: readonly JsonObject[],
  options: TableOptions,
): JsonObject {
  const columns = columnsOf(resource);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: options.listMeta,
    columnDefinitions: columns.map((column) => definitionOf(column, resource.schema)),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, options.now)),
      ...conditionsOf(resource, object),
      object: rowObject(resource, object, options.includeObject),
    })),
  };
}

type TableColumn = Omit<Column, 'type' | 'priority'> & { readonly type: string; readonly priority: number };

function columnsOf({ group, kind, custom, columns }: Resource): readonly TableColumn[] {
  if (!custom) {
    return builtinColumns[`${group}/${kind}`] ?? defaultColumns;
  }
  return columns === undefined
    ? [nameColumn, { ...ageColumn, type: 'date' }]
    : [nameColumn, ...columns.map(declaredColumn)];
}

function declaredColumn(column: PrinterColumn): TableColumn {
  const { name, type, jsonPath, format = '', priority = 0 } = column;
  return {
    name,
    type,
    format,
    description: column.description ?? `Custom resource definition column (in JSONPath format): ${jsonPath}`,
    priority,
    cell: (object, now) => customCell(column, object, now),
  };
}

function definitionOf(column: TableColumn, schema: Schema | undefined): JsonObject {
  const { name, type, format = '', description, priority } = column;
  return { name, type, format, description: described(description, schema), priority };
}

/** A text, or what the schema says at a path such as `status.podIP`. */
function described(description: string, schema: Schema | undefined): string {
  if (!/^[a-z]\w*(\.\w+)*$/.test(description)) {
    return description;
  }
  let at: Schema | undefined = schema;
  for (const name of description.split('.')) {
    at = at?.properties?.[name];
  }
  return (at?.description ?? '')
    .replace(/\n\nPossible enum values[^]*$/, '')
    .replace(/ This field is immutable\.$/, '');
}

function rowObject({ kind }: Resource, object: JsonObject, include: TableOptions['includeObject']): Json {
  switch (include) {
    case 'None':
      return null;
    case 'Object':
      return object;
    case 'Metadata':
      return {
        kind: 'PartialObjectMetadata',
        apiVersion: 'meta.k8s.io/v1',
        metadata: object['metadata'] ?? { name: kind },
      };
  }
}

/** Pods that ended are marked, so that clients may hide them. */
function conditionsOf({ group, kind }: Resource, object: JsonObject): { conditions?: Json } {
  const status = object['status'];
  const phase =
    typeof status === 'object' && status !== null && 'phase' in status ? status['phase'] : undefined;
  if (group !== '' || kind !== 'Pod' || (phase !== 'Succeeded' && phase !== 'Failed')) {
    return {};
  }
  const message = phase === 'Succeeded' ? 'The pod has completed successfully.' : 'The pod failed.';
  return { conditions: [{ type: 'Completed', status: 'True', reason: phase, message }] };
}
