import type { Clock } from '../../../time/clock.ts';
import type { FieldError } from '../field-error.ts';
import { subdomainErrors } from '../metadata/names.ts';
import type { JsonObject } from '../schema/schema.ts';
import type { SelectableFields } from '../selectors/field-selector.ts';
import { metaString } from '../storage/record.ts';
import type { Store } from '../storage/store.ts';

/** What strategies may look at besides the object. */
export interface StrategyContext {
  readonly store: Store;
  readonly clock: Clock;
}

/**
 * What is particular to one kind. Functions that return nothing change the object they are given, which is a fresh copy. The
 * order of a write is: defaults, field ownership, admission, preparation, validation.
 */
export interface Strategy {
  /** Objections to a name. */
  readonly nameErrors: (name: string) => string[];
  readonly fields: SelectableFields;
  /** Whether metadata.generation counts changes of the spec. */
  readonly counted: boolean;
  /** Fills in what the user left out, as the kind's Go defaulting does. */
  readonly defaults?: (object: JsonObject) => void;
  /** What admission adds to a new object. @throws StatusError when it refuses */
  readonly admit?: (object: JsonObject, context: StrategyContext) => void;
  readonly prepareForCreate?: (object: JsonObject, context: StrategyContext) => void;
  readonly prepareForUpdate?: (object: JsonObject, live: JsonObject) => void;
  readonly validate?: (object: JsonObject, live?: JsonObject) => FieldError[];
  /** Beyond {@link validate}: what may not change. */
  readonly validateUpdate?: (object: JsonObject, live: JsonObject) => FieldError[];
  /** A PUT to a name that does not exist creates the object. */
  readonly createsOnUpdate?: boolean;
  /** Whether a PUT may leave out the resourceVersion. Default true. */
  readonly unconditionalUpdate?: boolean;
  /** @throws StatusError when the object may not be deleted */
  readonly refuseDeletion?: (name: string) => void;
  /** Seconds between the request to delete and the end; undefined when the kind knows no grace. */
  readonly graceSeconds?: (object: JsonObject, asked: number | undefined) => number;
  /** Whether the request to delete moves metadata.generation. Default true. */
  readonly deletionCounts?: boolean;
  /** What a creator is told besides the answer. */
  readonly warnings?: (object: JsonObject) => string[];
  /** DELETE answers with the object instead of a Status. */
  readonly returnsDeleted?: boolean;
  /** Keeps an object that has no finalizers in its metadata (namespaces have theirs in the spec). */
  readonly isHeld?: (object: JsonObject) => boolean;
  /** When the deletion begins but cannot end yet. */
  readonly onDeletionStarted?: (object: JsonObject) => void;
}

/** metadata.name and metadata.namespace: what every kind offers to field selectors. */
export const metadataFields: SelectableFields = (object) => ({
  'metadata.name': metaString(object, 'name') ?? '',
  'metadata.namespace': metaString(object, 'namespace') ?? '',
});

/** A kind without peculiarities. */
export const plainStrategy: Strategy = {
  nameErrors: subdomainErrors,
  fields: metadataFields,
  counted: false,
};
