import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { der, oid, tag, utcTime } from './der.ts';

/** A private key and its certificate, both PEM. */
export interface CertificatePair {
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateOptions {
  commonName: string;
  /** The `O` of the subject: Kubernetes reads it as a group. */
  organization?: string;
  dnsNames?: readonly string[];
  /** IPv4 addresses. */
  addresses?: readonly string[];
  usage: 'server' | 'client';
  /** Milliseconds since 1970; valid from a day before for 30 days. */
  now: number;
}

const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const USAGE = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' } as const;
const DAY_MS = 86_400_000;

/**
 * A certificate signed by its own P-256 key (RFC 5280), for servers and clients of the embedded cluster on 127.0.0.1: who
 * trusts it pins exactly this certificate. Node can make keys and signatures but not certificates, hence the DER.
 */
export function selfSignedCertificate(options: CertificateOptions): CertificatePair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const algorithm = der(tag.sequence, oid(ECDSA_WITH_SHA256));
  const name = distinguishedName(options);
  const serial = randomBytes(16);
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f); // positive, and no leading zero byte
  const body = der(
    tag.sequence,
    der(0xa0, der(tag.integer, Buffer.from([2]))), // version 3
    der(tag.integer, serial),
    algorithm,
    name,
    der(tag.sequence, utcTime(options.now - DAY_MS), utcTime(options.now + 30 * DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(tag.sequence, ...extensions(options))),
  );
  const signature = sign('sha256', body, privateKey);
  const certificate = der(tag.sequence, body, algorithm, der(tag.bitString, Buffer.from([0]), signature));
  return {
    certificate: pem('CERTIFICATE', certificate),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function distinguishedName({ commonName, organization }: CertificateOptions): Buffer {
  const attribute = (type: string, value: string): Buffer =>
    der(tag.set, der(tag.sequence, oid(type), der(tag.utf8String, Buffer.from(value))));
  const parts = organization === undefined ? [] : [attribute('2.5.4.10', organization)];
  return der(tag.sequence, ...parts, attribute('2.5.4.3', commonName));
}

function extensions({ usage, dnsNames = [], addresses = [] }: CertificateOptions): Buffer[] {
  const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
    der(
      tag.sequence,
      oid(id),
      ...(critical ? [der(tag.boolean, Buffer.from([0xff]))] : []),
      der(tag.octetString, value),
    );
  const names = [
    ...dnsNames.map((name) => der(0x82, Buffer.from(name))),
    ...addresses.map((address) => der(0x87, Buffer.from(address.split('.').map(Number)))),
  ];
  return [
    // A certificate authority, so that verifiers accept it as the root of its own chain.
    extension('2.5.29.19', true, der(tag.sequence, der(tag.boolean, Buffer.from([0xff])))),
    // digitalSignature and keyCertSign
    extension('2.5.29.15', true, der(tag.bitString, Buffer.from([2, 0x84]))),
    extension('2.5.29.37', false, der(tag.sequence, oid(USAGE[usage]))),
    ...(names.length === 0 ? [] : [extension('2.5.29.17', false, der(tag.sequence, ...names))]),
  ];
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
