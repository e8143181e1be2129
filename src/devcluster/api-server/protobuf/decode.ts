import { rfc3339 } from '../../../time/clock.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { badRequest } from '../status.ts';
import { messages, type ProtoField, type ProtoMessage } from './messages.ts';

/** Stands before every object in this form (apimachinery, serializer/protobuf). */
const MAGIC = Buffer.from('k8s\0');

/**
 * An object from Kubernetes' protobuf: a `runtime.Unknown` with the kind, and the object in it.
 * @throws StatusError 400 for what is none, or of a kind that is not known in this form
 */
export function decodeProtobuf(body: Buffer): JsonObject {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw badRequest(
      'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
    );
  }
  const envelope = fieldsOf(body.subarray(MAGIC.length));
  const typeMeta = fieldsOf(bytesOf(envelope, 1));
  const apiVersion = bytesOf(typeMeta, 1).toString();
  const kind = bytesOf(typeMeta, 2).toString();
  const message = messages[kind];
  if (message === undefined) {
    throw badRequest(`objects of kind ${JSON.stringify(kind)} are read as JSON or YAML only`);
  }
  return { apiVersion, kind, ...decodeMessage(bytesOf(envelope, 2), message) };
}

interface WireField {
  readonly number: number;
  readonly value: number | Buffer;
}

function bytesOf(fields: readonly WireField[], number: number): Buffer {
  const value = fields.find((field) => field.number === number)?.value;
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}

/** Wire types 0 (varint) and 2 (length-delimited), which is all that these messages use. */
function fieldsOf(bytes: Buffer): WireField[] {
  const fields: WireField[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 63n) {
        throw badRequest('proto: unexpected EOF');
      }
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        return Number(BigInt.asIntN(64, value));
      }
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const wireType = tag & 7;
    if (wireType !== 0 && wireType !== 2) {
      throw badRequest(`proto: illegal wireType ${wireType}`);
    }
    const first = varint();
    if (wireType === 2 && at + first > bytes.length) {
      throw badRequest('proto: unexpected EOF');
    }
    fields.push({ number: tag >>> 3, value: wireType === 0 ? first : bytes.subarray(at, at + first) });
    at += wireType === 0 ? 0 : first;
  }
  return fields;
}

/** Go writes empty texts and messages that JSON leaves out. */
function decodeMessage(bytes: Buffer, message: ProtoMessage): JsonObject {
  const object: JsonObject = {};
  for (const { number, value } of fieldsOf(bytes)) {
    const field = message[number];
    if (field !== undefined) {
      addField(object, field, value);
    }
  }
  return object;
}

function addField(
  object: JsonObject,
  { name, type, repeated = false }: ProtoField,
  wire: number | Buffer,
): void {
  const present = object[name];
  if (type === 'map' || type === 'bytesMap') {
    const entry = fieldsOf(Buffer.isBuffer(wire) ? wire : Buffer.alloc(0));
    const encoding = type === 'map' ? 'utf8' : 'base64';
    const entries = { [bytesOf(entry, 1).toString()]: bytesOf(entry, 2).toString(encoding) };
    object[name] = { ...(present as JsonObject | undefined), ...entries };
    return;
  }
  const value = decodeValue(type, wire);
  if (repeated) {
    object[name] = [...(Array.isArray(present) ? present : []), value];
  } else if (value !== '' && !(type === 'count' && value === 0)) {
    object[name] = value;
  }
}

function decodeValue(type: ProtoField['type'], wire: number | Buffer): Json {
  if (typeof wire === 'number') {
    return type === 'truth' ? wire !== 0 : wire;
  }
  if (type === 'time') {
    const seconds = fieldsOf(wire).find(({ number }) => number === 1)?.value;
    return typeof seconds === 'number' && seconds > 0 ? rfc3339(seconds * 1000) : '';
  }
  if (typeof type === 'object') {
    return decodeMessage(wire, type);
  }
  return wire.toString('utf8');
}
