import { readFile } from 'node:fs/promises';
import type { Cluster } from '@kubernetes/client-node';
import type { Clock } from '../time/clock.ts';
import type { TlsMaterial } from './connection.ts';
import { execCredential } from './exec-credential.ts';
import type { ExecConfig } from './exec-credential.ts';
import { KubeconfigError } from './kubeconfig-error.ts';
import type { KubeconfigUser } from './kubeconfig-file.ts';
import { readTls } from './tls-files.ts';

/** All that proves who we are, for a while. */
export interface Identity {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsMaterial;
  /** Milliseconds since 1970 when it has to be read again; Infinity when only the server can end it. */
  readonly validUntil: number;
}

type Credential = Pick<Identity, 'headers' | 'validUntil'> & { readonly tls?: TlsMaterial };

/** client-go rereads token files every minute; the kubelet replaces them long before they expire. */
const REREAD_MS = 60_000;

/**
 * Reads files and asks plugins, each time anew.
 * @throws KubeconfigError
 */
export async function readIdentity(
  cluster: Cluster,
  user: KubeconfigUser | undefined,
  clock: Clock,
): Promise<Identity> {
  const tls = await readTls(cluster, user, clock.now());
  const fromFiles = [cluster.caFile, user?.certFile, user?.keyFile].some(Boolean);
  const filesUntil = fromFiles ? clock.now() + REREAD_MS : Infinity;
  if (user === undefined) {
    return { headers: {}, tls, validUntil: filesUntil };
  }
  const credential = await readCredential(cluster, user, clock);
  const impersonation = user.impersonateUser ? { 'Impersonate-User': user.impersonateUser } : {};
  return {
    headers: { ...credential.headers, ...impersonation },
    tls: { ...tls, ...credential.tls },
    validUntil: Math.min(filesUntil, credential.validUntil),
  };
}

/** In client-go's order: a token file before a token, a token before a password, plugins last. */
async function readCredential(cluster: Cluster, user: KubeconfigUser, clock: Clock): Promise<Credential> {
  if (user.tokenFile !== undefined) {
    const token = await readToken(user.tokenFile);
    return { headers: bearer(token), validUntil: clock.now() + REREAD_MS };
  }
  if (user.token) {
    return { headers: bearer(user.token.trim()), validUntil: Infinity };
  }
  if (user.username) {
    const basic = Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64');
    return { headers: { Authorization: `Basic ${basic}` }, validUntil: Infinity };
  }
  if (user.exec) {
    return fromPlugin(cluster, user);
  }
  if (user.authProvider) {
    return fromAuthProvider(user, clock);
  }
  return { headers: {}, validUntil: Infinity };
}

async function readToken(file: string): Promise<string> {
  let token: string;
  try {
    token = (await readFile(file, 'utf8')).trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new KubeconfigError(`cannot read the token file ${file} (${code ?? 'unknown error'})`, {
      cause: error,
    });
  }
  if (token === '') {
    throw new KubeconfigError(`the token file ${file} is empty`);
  }
  return token;
}

async function fromPlugin(cluster: Cluster, user: KubeconfigUser): Promise<Credential> {
  const info = {
    server: cluster.server,
    'certificate-authority-data': cluster.caData,
    'tls-server-name': cluster.tlsServerName,
    'insecure-skip-tls-verify': cluster.skipTLSVerify,
  };
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = await execCredential(
    user.exec as ExecConfig,
    user.folder,
    info,
  );
  const tls =
    clientCertificateData === undefined || clientKeyData === undefined
      ? {}
      : { cert: clientCertificateData, key: clientKeyData };
  return {
    headers: token === undefined ? {} : bearer(token),
    tls,
    validUntil: expirationTimestamp === undefined ? Infinity : Date.parse(expirationTimestamp),
  };
}

async function fromAuthProvider(user: KubeconfigUser, clock: Clock): Promise<Credential> {
  const { name, authProvider } = user as { name: string; authProvider: { name?: string } };
  const provider = `the auth-provider ${JSON.stringify(authProvider.name)} of user ${JSON.stringify(name)}`;
  // Loaded only here: the library is a third of what a command would load, and few users have a provider.
  const { authorizationOf } = await import('./auth-provider.ts');
  let authorization: string | undefined;
  try {
    authorization = await authorizationOf(user);
  } catch {
    throw new KubeconfigError(`${provider} failed`);
  }
  if (authorization === undefined) {
    throw new KubeconfigError(
      `${provider} gives no token; log in again with the tool that made the kubeconfig`,
    );
  }
  return { headers: { Authorization: authorization }, validUntil: clock.now() + REREAD_MS };
}

function bearer(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}` };
}
