import { rfc3339 } from '../../../time/clock.ts';
import type { FieldWriter } from '../managed-fields/track-update.ts';
import { trackUpdate } from '../managed-fields/track-update.ts';
import { groupVersionOf } from '../resources/resource.ts';
import type { Served } from '../resources/served.ts';
import type { JsonObject } from '../schema/schema.ts';
import type { VerbContext } from './api-request.ts';
import type { WriteOptions } from './write-options.ts';

interface Written {
  readonly served: Served;
  readonly object: JsonObject;
  readonly before?: JsonObject;
  readonly subresource?: string | undefined;
  readonly options: WriteOptions;
}

/** The object with `metadata.managedFields` after a write that is not an apply. */
export function ownedByUpdate(context: VerbContext, written: Written): JsonObject {
  const { object, before, served } = written;
  return trackUpdate({
    ...(before === undefined ? {} : { before }),
    after: object,
    schema: served.resource.schema,
    writer: writerOf(context, written, 'Update'),
  });
}

/** Under which name a write is entered in `metadata.managedFields`. */
export function writerOf(
  { clock }: VerbContext,
  { served, subresource, options }: Pick<Written, 'served' | 'subresource' | 'options'>,
  operation: FieldWriter['operation'],
): FieldWriter {
  return {
    manager: options.manager,
    operation,
    apiVersion: groupVersionOf(served.resource),
    ...(subresource === undefined ? {} : { subresource }),
    time: rfc3339(clock.now()),
  };
}
