/** UIDs of pods in little room. */
export interface PackedUids {
  /** Base64 of 16 bytes for each UID that is a UUID, in ascending order. */
  readonly uuids: string;
  /** All others, such as those of static pods. */
  readonly others: readonly string[];
}

const BYTES = 16;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The same whatever the order of the UIDs is. */
export function packUids(uids: Iterable<string>): PackedUids {
  const sorted = [...uids].sort();
  const packed = sorted.filter((uid) => uuid.test(uid)).map((uid) => uid.replaceAll('-', ''));
  return {
    uuids: Buffer.from(packed.join(''), 'hex').toString('base64'),
    others: sorted.filter((uid) => !uuid.test(uid)),
  };
}

/** Undefined when the base64 is none of whole UUIDs. */
export function unpackUids({ uuids, others }: PackedUids): readonly string[] | undefined {
  const bytes = Buffer.from(uuids, 'base64');
  if (bytes.length % BYTES !== 0 || bytes.toString('base64') !== uuids) {
    return undefined;
  }
  const unpacked: string[] = [];
  for (let at = 0; at < bytes.length; at += BYTES) {
    unpacked.push(uuidText(bytes.toString('hex', at, at + BYTES)));
  }
  return [...unpacked, ...others];
}

function uuidText(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
