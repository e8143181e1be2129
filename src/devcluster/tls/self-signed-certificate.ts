import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_kp_clientAuth,
  id_kp_serverAuth,
} from '@peculiar/asn1-x509';

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
const COMMON_NAME = '2.5.4.3';
const ORGANIZATION = '2.5.4.10';
const USAGE = { server: id_kp_serverAuth, client: id_kp_clientAuth } as const;
const DAY_MS = 86_400_000;

/**
 * A certificate signed by its own P-256 key (RFC 5280), for servers and clients of the embedded cluster on 127.0.0.1: who
 * trusts it pins exactly this certificate. Node makes keys and signatures; the structures between them are a library's.
 */
export function selfSignedCertificate(options: CertificateOptions): CertificatePair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const algorithm = new AlgorithmIdentifier({ algorithm: ECDSA_WITH_SHA256 });
  const name = distinguishedName(options);
  const body = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber(),
    signature: algorithm,
    issuer: name,
    validity: new Validity({
      notBefore: new Date(options.now - DAY_MS),
      notAfter: new Date(options.now + 30 * DAY_MS),
    }),
    subject: name,
    subjectPublicKeyInfo: AsnConvert.parse(
      publicKey.export({ type: 'spki', format: 'der' }),
      SubjectPublicKeyInfo,
    ),
    extensions: extensions(options),
  });
  const certificate = new Certificate({
    tbsCertificate: body,
    signatureAlgorithm: algorithm,
    signatureValue: bytesOf(sign('sha256', Buffer.from(AsnConvert.serialize(body)), privateKey)),
  });
  return {
    certificate: pem('CERTIFICATE', Buffer.from(AsnConvert.serialize(certificate))),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** 16 random bytes that make a positive integer without a leading zero byte. */
function serialNumber(): ArrayBuffer {
  const serial = randomBytes(16);
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  return bytesOf(serial);
}

function distinguishedName({ commonName, organization }: CertificateOptions): Name {
  const part = (type: string, utf8String: string): RelativeDistinguishedName =>
    new RelativeDistinguishedName([
      new AttributeTypeAndValue({ type, value: new AttributeValue({ utf8String }) }),
    ]);
  return new Name([
    ...(organization === undefined ? [] : [part(ORGANIZATION, organization)]),
    part(COMMON_NAME, commonName),
  ]);
}

function extensions({ usage, dnsNames = [], addresses = [] }: CertificateOptions): Extensions {
  const extension = (extnID: string, value: unknown, critical: boolean): Extension =>
    new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
  const names = [
    ...dnsNames.map((dNSName) => new GeneralName({ dNSName })),
    ...addresses.map((iPAddress) => new GeneralName({ iPAddress })),
  ];
  const use = KeyUsageFlags.digitalSignature | KeyUsageFlags.keyCertSign;
  return new Extensions([
    // A certificate authority, so that verifiers accept it as the root of its own chain.
    extension(id_ce_basicConstraints, new BasicConstraints({ cA: true }), true),
    extension(id_ce_keyUsage, new KeyUsage(use), true),
    extension(id_ce_extKeyUsage, new ExtendedKeyUsage([USAGE[usage]]), false),
    ...(names.length === 0
      ? []
      : [extension(id_ce_subjectAltName, new SubjectAlternativeName(names), false)]),
  ]);
}

function bytesOf(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
