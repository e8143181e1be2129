import assert from 'node:assert/strict';
import { decodeProtobuf } from '../../../src/devcluster/api-server/protobuf/decode.ts';

/** A length-delimited field. */
function field(number: number, content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
}

function envelope(kind: string, object: Buffer): Buffer {
  const typeMeta = Buffer.concat([field(1, 'v1'), field(2, kind)]);
  return Buffer.concat([Buffer.from('k8s\0'), field(1, typeMeta), field(2, object)]);
}

describe('Kubernetes protobuf', () => {
  const metadata = field(1, Buffer.concat([field(1, 'a'), field(3, ''), Buffer.from([7 << 3, 0])]));

  it('is read as the object that JSON would be', () => {
    const data = field(2, Buffer.concat([field(1, 'k'), field(2, 'v')]));

    const secret = decodeProtobuf(envelope('Secret', Buffer.concat([metadata, data, field(3, 'Opaque')])));
    const configMap = decodeProtobuf(envelope('ConfigMap', Buffer.concat([metadata, data])));

    const common = { apiVersion: 'v1', metadata: { name: 'a' } };
    assert.deepEqual(secret, { ...common, kind: 'Secret', data: { k: 'dg==' }, type: 'Opaque' });
    assert.deepEqual(configMap, { ...common, kind: 'ConfigMap', data: { k: 'v' } });
  });

  const broken: [string, Buffer, RegExp][] = [
    ['other bytes', Buffer.from('{}'), /does not appear to be a protobuf message/],
    ['a kind that is read as JSON only', envelope('Pod', metadata), /"Pod" are read as JSON/],
    ['a message that ends too early', envelope('Secret', metadata).subarray(0, -3), /unexpected EOF/],
  ];
  for (const [what, body, message] of broken) {
    it(`refuses ${what}`, () => {
      assert.throws(() => decodeProtobuf(body), { name: 'StatusError', code: 400, message });
    });
  }
});
