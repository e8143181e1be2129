import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { stringify } from 'yaml';

/** Who may speak to the API server of the embedded cluster. */
export type User = 'admin' | 'powerless' | 'kube-scheduler' | 'kube-controller-manager';

interface Identity {
  /** The name that RBAC sees. */
  readonly userName: string;
  readonly groups: readonly string[];
}

/** The bootstrap RBAC policy of the API server gives these names their rights. */
const identities: Readonly<Record<User, Identity>> = {
  admin: { userName: 'headframe-admin', groups: ['system:masters'] },
  // Known, and allowed nothing: what a forbidden verb looks like.
  powerless: { userName: 'powerless', groups: [] },
  'kube-scheduler': { userName: 'system:kube-scheduler', groups: [] },
  'kube-controller-manager': { userName: 'system:kube-controller-manager', groups: [] },
};

/** A bearer token for each user, new in every run. */
export type Tokens = Readonly<Record<User, string>>;

export function randomTokens(): Tokens {
  const token = (): string => randomBytes(24).toString('base64url');
  return {
    admin: token(),
    powerless: token(),
    'kube-scheduler': token(),
    'kube-controller-manager': token(),
  };
}

/** The file for `--token-auth-file`: token, user name, UID, quoted groups. */
export function tokenFile(tokens: Tokens): string {
  const lines = Object.entries(identities).map(([user, { userName, groups }]) => {
    const columns = [tokens[user as User], userName, user];
    return (groups.length === 0 ? columns : [...columns, `"${groups.join(',')}"`]).join(',');
  });
  return `${lines.join('\n')}\n`;
}

/** Where the API server is and how one knows it. */
export interface ApiServerIdentity {
  /** `https://127.0.0.1:PORT` */
  readonly server: string;
  /** PEM. */
  readonly certificate: string;
}

/** A kubeconfig file's text with one context, `headframe`. */
export function kubeconfigText(
  { server, certificate }: ApiServerIdentity,
  user: User,
  token: string,
): string {
  const authority = Buffer.from(certificate).toString('base64');
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'headframe',
      clusters: [{ name: 'headframe', cluster: { server, 'certificate-authority-data': authority } }],
      users: [{ name: user, user: { token } }],
      contexts: [{ name: 'headframe', context: { cluster: 'headframe', user, namespace: 'default' } }],
    },
    { lineWidth: 0 },
  );
}

/** PEM of an RSA key with which the API server signs service account tokens. */
export function serviceAccountKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
}
