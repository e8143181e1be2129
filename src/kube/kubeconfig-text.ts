import type { Clock } from '../time/clock.ts';
import type { Connection } from './connection.ts';
import { KubeconfigError } from './kubeconfig-error.ts';
import { pluginOf } from './kubeconfig-plugin.ts';
import { finderIn, isRecord, listNames, parseKubeconfigYaml } from './kubeconfig-yaml.ts';
import { connectionTo } from './target.ts';

/** What the text is of, and what is wanted of it. */
export interface TextOptions {
  /** For people: where the text is from. */
  readonly source: string;
  /** @default the current-context */
  readonly context?: string | undefined;
  /** Commands that may be run as credential plugins. @default none */
  readonly plugins?: readonly string[];
  readonly clock: Clock;
}

/**
 * What is taken from a kubeconfig that somebody else wrote, besides a credential plugin that is allowed. Everything else could make
 * this process read its own files, run a program, or hand a credential to a server that nobody has verified.
 */
const allowed = {
  cluster: ['server', 'certificate-authority-data', 'tls-server-name'],
  user: ['token', 'client-certificate-data', 'client-key-data', 'username', 'password', 'as'],
} as const;

/** What kubectl and others add, and what means nothing here. */
const meaningless = ['extensions', 'disable-compression'];

/** What people write that is refused, and what they may write instead. Only these are called by name: another may be a slip of a secret. */
const instead: Readonly<Record<string, string>> = {
  'certificate-authority': 'put the certificate into certificate-authority-data',
  'client-certificate': 'put the certificate into client-certificate-data',
  'client-key': 'put the key into client-key-data',
  tokenFile: 'put the token into token',
  'token-file': 'put the token into token',
  'auth-provider': 'use a token or a client certificate',
  'insecure-skip-tls-verify':
    'the server must be verified; put its certificate authority into certificate-authority-data',
};

/** An entry of `clusters`, `contexts` or `users`. */
interface Entry {
  readonly name: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * A connection from the text of a kubeconfig, for which nothing but the text is read. The library that reads kubeconfig files is not
 * used: it opens files while it parses.
 * @throws KubeconfigError that names the field and what is allowed; it never quotes a credential
 */
export async function connectionFromText(
  text: string,
  { source, context: wanted, plugins = [], clock }: TextOptions,
): Promise<Connection> {
  const raw = parseKubeconfigYaml(source, text, { merge: false });
  const find = finderIn(source);
  const contexts = entries(raw, 'contexts', 'context');
  const context = find('context', wanted ?? currentContext(raw, contexts, source), contexts);
  const nameOf = (what: 'cluster' | 'user'): string =>
    textOf(context, `contexts.context.${what}`, what) ?? '';
  const cluster = find('cluster', nameOf('cluster'), entries(raw, 'clusters', 'cluster'));
  const user =
    nameOf('user') === '' ? undefined : find('user', nameOf('user'), entries(raw, 'users', 'user'));
  refuseOthers(cluster, 'cluster', source);
  if (user !== undefined) {
    refuseOthers(user, 'user', source);
  }
  const target = {
    cluster: clusterOf(cluster, source),
    user: user === undefined ? undefined : userOf(user, source, plugins),
    namespace: textOf(context, 'contexts.context.namespace', 'namespace'),
    source: `context ${context.name} of ${source}`,
  };
  return connectionTo(target, clock);
}

function currentContext(raw: Record<string, unknown>, contexts: readonly Entry[], source: string): string {
  const current = raw['current-context'];
  if (typeof current !== 'string' || current === '') {
    throw new KubeconfigError(
      `${source} has no current-context; set spec.connection.kubeconfig.context to one of: ${listNames(contexts)}`,
    );
  }
  return current;
}

/** Entries without a name, or that are none, cannot be meant by anybody. */
function entries(raw: Record<string, unknown>, list: string, field: string): readonly Entry[] {
  const items: unknown[] = Array.isArray(raw[list]) ? raw[list] : [];
  return items.filter(isRecord).flatMap((item) => {
    const { name, [field]: fields } = item;
    return typeof name === 'string' ? [{ name, fields: isRecord(fields) ? fields : {} }] : [];
  });
}

function refuseOthers({ name, fields }: Entry, what: keyof typeof allowed, source: string): void {
  const known: readonly string[] = [...allowed[what], ...(what === 'user' ? ['exec'] : []), ...meaningless];
  for (const [field, value] of Object.entries(fields)) {
    const isSet = value !== null && value !== undefined && value !== false && value !== '';
    if (isSet && !known.includes(field)) {
      const path = `${what}s[${JSON.stringify(name)}].${what}`;
      const remedy = Object.hasOwn(instead, field) ? instead[field] : undefined;
      throw new KubeconfigError(
        remedy === undefined
          ? `${path} of ${source} has a field that is not supported; supported are ${allowed[what].join(', ')}`
          : `${path}.${field} of ${source} is not allowed: ${remedy}`,
      );
    }
  }
}

function textOf({ fields }: Entry, path: string, field: string): string | undefined {
  const value = fields[field];
  if (value === undefined || value === null || value === '') {
    return undefined;
  }
  if (typeof value !== 'string') {
    throw new KubeconfigError(`${path} must be a text`);
  }
  return value;
}

function clusterOf(entry: Entry, source: string): Parameters<typeof connectionTo>[0]['cluster'] {
  const path = `clusters[${JSON.stringify(entry.name)}].cluster`;
  const field = (name: (typeof allowed.cluster)[number]): string | undefined =>
    textOf(entry, `${path}.${name}`, name);
  const server = field('server') ?? '';
  if (!URL.canParse(server) || new URL(server).protocol !== 'https:') {
    throw new KubeconfigError(`${path}.server of ${source} must be an https URL`);
  }
  const caData = field('certificate-authority-data');
  const tlsServerName = field('tls-server-name');
  return {
    name: entry.name,
    server,
    skipTLSVerify: false,
    ...(caData === undefined ? {} : { caData }),
    ...(tlsServerName === undefined ? {} : { tlsServerName }),
  };
}

function userOf(
  entry: Entry,
  source: string,
  plugins: readonly string[],
): NonNullable<Parameters<typeof connectionTo>[0]['user']> {
  const path = `users[${JSON.stringify(entry.name)}].user`;
  const field = (name: (typeof allowed.user)[number]): string | undefined =>
    textOf(entry, `${path}.${name}`, name);
  const fields = {
    token: field('token'),
    certData: field('client-certificate-data'),
    keyData: field('client-key-data'),
    username: field('username'),
    password: field('password'),
    impersonateUser: field('as'),
  };
  const exec = pluginOf(entry.fields['exec'], { path: `${path}.exec of ${source}`, plugins });
  const given = Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return {
    name: entry.name,
    folder: '',
    ...Object.fromEntries(given),
    ...(exec === undefined ? {} : { exec }),
  };
}
