import type { Event, ObjectReference } from '../api/builtin.ts';
import type { Immutable, KubeObject, Manifest } from '../api/kube-object.ts';
import { microTime } from '../time/clock.ts';
import type { EventDetails } from './event-recorder.ts';

/** The API server refuses longer notes; it counts bytes. */
const NOTE_BYTES = 1024;
const INSTANCE_CHARACTERS = 128;
const NAME_CHARACTERS = 253;
/** RFC 1123 subdomain: what an Event may be called. */
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

export interface Reporter {
  /** `reportingController`. */
  readonly component: string;
  /** `reportingInstance`: which of its processes. */
  readonly instance: string;
}

/**
 * The Event as it is created.
 * @param now milliseconds since 1970
 * @param random in [0, 1); tells events of the same millisecond apart
 */
export function eventManifest(
  regarding: Immutable<KubeObject>,
  { related, ...details }: EventDetails,
  reporter: Reporter,
  { now, random }: { readonly now: number; readonly random: number },
): Manifest<Event> {
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: {
      name: eventName(regarding, now, random),
      // Events of cluster-scoped objects live in `default`: the API server allows no other namespace.
      namespace: regarding.metadata.namespace ?? 'default',
    },
    eventTime: microTime(now),
    reportingController: reporter.component,
    reportingInstance: reporter.instance.slice(0, INSTANCE_CHARACTERS),
    type: details.type,
    reason: details.reason,
    action: details.action,
    note: cutNote(details.note),
    regarding: referenceTo(regarding),
    ...(related !== undefined && { related: referenceTo(related) }),
  };
}

/** `<object>.<time in hexadecimal>`, as client-go names events, with random digits below the millisecond. */
function eventName({ kind, metadata }: Immutable<KubeObject>, now: number, random: number): string {
  const suffix = (BigInt(Math.floor(now)) * 1_000_000n + BigInt(Math.floor(random * 1_000_000))).toString(16);
  const name = metadata.name.slice(0, NAME_CHARACTERS - 1 - suffix.length).replace(/[-.]+$/, '');
  return `${subdomain.test(name) ? name : kind.toLowerCase()}.${suffix}`;
}

/** At most 1024 bytes, never half a character; what was cut ends in an ellipsis. */
export function cutNote(note: string): string {
  const bytes = Buffer.from(note, 'utf8');
  if (bytes.length <= NOTE_BYTES) {
    return note;
  }
  const ellipsis = '…';
  const room = NOTE_BYTES - Buffer.byteLength(ellipsis);
  return `${new TextDecoder().decode(bytes.subarray(0, room), { stream: true })}${ellipsis}`;
}

function referenceTo({ apiVersion, kind, metadata }: Immutable<KubeObject>): ObjectReference {
  const { namespace, name, uid, resourceVersion } = metadata;
  return { apiVersion, kind, ...(namespace !== undefined && { namespace }), name, uid, resourceVersion };
}
