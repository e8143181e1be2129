import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { Cluster, User } from '@kubernetes/client-node';
import type { TlsMaterial } from './connection.ts';
import { KubeconfigError } from './kubeconfig-error.ts';

/** A certificate or key: in a file or, base64, in place. */
interface Source {
  readonly what: string;
  readonly file: string | undefined;
  readonly data: string | undefined;
}

/**
 * Reads and checks what TLS needs.
 * @param now milliseconds since 1970: an expired certificate is refused here, where it can be named
 * @throws KubeconfigError
 */
export async function readTls(cluster: Cluster, user: User | undefined, now: number): Promise<TlsMaterial> {
  const { caFile, caData, skipTLSVerify, tlsServerName } = cluster;
  const of = `of cluster ${JSON.stringify(cluster.name)}`;
  const ca = await read({ what: `certificate authority ${of}`, file: caFile, data: caData });
  checkSecureContext({ ca }, `the certificate authority ${of} is not a PEM certificate`);
  const client = user === undefined ? {} : await readClientCertificate(user, now);
  return {
    ...(ca === undefined || skipTLSVerify ? {} : { ca }),
    ...client,
    ...(tlsServerName === undefined ? {} : { servername: tlsServerName }),
    ...(skipTLSVerify ? { rejectUnauthorized: false } : {}),
  };
}

async function readClientCertificate(user: User, now: number): Promise<Pick<TlsMaterial, 'cert' | 'key'>> {
  const by = `of user ${JSON.stringify(user.name)}`;
  const cert = await read({ what: `client certificate ${by}`, file: user.certFile, data: user.certData });
  const key = await read({ what: `client key ${by}`, file: user.keyFile, data: user.keyData });
  if (cert === undefined && key === undefined) {
    return {};
  }
  if (cert === undefined || key === undefined) {
    throw new KubeconfigError(`the client ${cert === undefined ? 'certificate' : 'key'} ${by} is missing`);
  }
  checkSecureContext(
    { cert, key },
    `the client certificate and key ${by} are not PEM, or do not belong together`,
  );
  const { validTo } = new X509Certificate(cert);
  if (Date.parse(validTo) < now) {
    throw new KubeconfigError(`the client certificate ${by} expired on ${new Date(validTo).toISOString()}`);
  }
  return { cert, key };
}

async function read({ what, file, data }: Source): Promise<Buffer | undefined> {
  if (data) {
    return Buffer.from(data, 'base64');
  }
  if (!file) {
    return undefined;
  }
  try {
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new KubeconfigError(`cannot read the ${what}: ${file} (${code ?? 'unknown error'})`, {
      cause: error,
    });
  }
}

/** OpenSSL's own messages are for nobody, and a later handshake would say even less. */
function checkSecureContext(
  material: { ca?: Buffer | undefined; cert?: Buffer | undefined; key?: Buffer | undefined },
  problem: string,
): void {
  if (material.ca !== undefined && !material.ca.includes('-----BEGIN')) {
    throw new KubeconfigError(problem);
  }
  try {
    createSecureContext(material);
  } catch {
    throw new KubeconfigError(problem);
  }
}
