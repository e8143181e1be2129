import { readFile } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import type { Cluster, Context, User } from '@kubernetes/client-node';
// This file alone: the API client beside it is a megabyte that every command would load.
import { newClusters, newContexts, newUsers } from '@kubernetes/client-node/dist/config_types.js';
import { KubeconfigError } from './kubeconfig-error.ts';
import { finderIn, isRecord, listNames, parseKubeconfigYaml } from './kubeconfig-yaml.ts';

/** A user of a kubeconfig, with what the library leaves out. */
export interface KubeconfigUser extends User {
  /** File of a bearer token. The library knows it only by a name that nobody writes. */
  readonly tokenFile?: string;
  /** Where a relative path, such as that of a credential plugin, starts. */
  readonly folder: string;
}

/** The context that was chosen, and what it points to. */
export interface SelectedContext {
  readonly context: Context;
  readonly cluster: Cluster;
  /** Undefined for a context without a user: requests are anonymous. */
  readonly user: KubeconfigUser | undefined;
  /** For people: the file or files. */
  readonly source: string;
}

interface Contents {
  readonly clusters: readonly Cluster[];
  readonly contexts: readonly Context[];
  readonly users: readonly KubeconfigUser[];
  readonly currentContext: string | undefined;
}

/** Impersonation beyond `as` cannot be sent yet; leaving it out would act with other rights than the user asked for. */
const unsupportedUserFields = ['as-uid', 'as-groups', 'as-user-extra'];

/** The files to read: the one given, else those of KUBECONFIG, else ~/.kube/config. */
export function kubeconfigPaths(given: string | undefined, env: NodeJS.ProcessEnv): string[] {
  if (given !== undefined) {
    return [given];
  }
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  return listed.length > 0 ? listed : [join(env['HOME'] ?? '', '.kube', 'config')];
}

/**
 * Reads kubeconfigs and chooses a context. As kubectl merges: what an earlier file says stands, and files of a list may be
 * missing as long as one is there.
 * @throws KubeconfigError
 */
export async function selectContext(
  paths: readonly string[],
  contextName: string | undefined,
): Promise<SelectedContext> {
  const files: Contents[] = [];
  for (const path of paths) {
    const text = await readIfThere(path);
    if (text !== undefined) {
      files.push(parseKubeconfig(path, text));
    }
  }
  const source = paths.join(delimiter);
  if (files.length === 0) {
    throw new KubeconfigError(`there is no kubeconfig at ${source}`);
  }
  const contexts = files.flatMap((file) => file.contexts);
  const name = contextName ?? files.find((file) => file.currentContext)?.currentContext;
  if (name === undefined) {
    throw new KubeconfigError(`${source} has no current-context; choose one of: ${listNames(contexts)}`);
  }
  const find = finderIn(source);
  const context = find('context', name, contexts);
  return {
    context,
    cluster: find(
      'cluster',
      context.cluster,
      files.flatMap((file) => file.clusters),
    ),
    user: context.user
      ? find(
          'user',
          context.user,
          files.flatMap((file) => file.users),
        )
      : undefined,
    source,
  };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      return undefined;
    }
    throw new KubeconfigError(`cannot read the kubeconfig ${path} (${code ?? 'unknown error'})`, {
      cause: error,
    });
  }
}

function parseKubeconfig(path: string, text: string): Contents {
  const raw = parseKubeconfigYaml(path, text, { merge: true });
  const folder = dirname(path);
  const { clusters, contexts, users } = readEntries(path, raw);
  return {
    clusters: clusters.map((cluster) => ({ ...cluster, ...absolute(folder, cluster, ['caFile']) })),
    contexts,
    users: users.map((user): KubeconfigUser => {
      const fields = rawUser(raw, user.name);
      const refused = unsupportedUserFields.find((field) => fields[field] !== undefined);
      if (refused !== undefined) {
        throw new KubeconfigError(
          `user ${JSON.stringify(user.name)} of ${path} has ${refused}, which is not supported`,
        );
      }
      const { tokenFile } = fields;
      return {
        ...user,
        ...absolute(folder, user, ['certFile', 'keyFile']),
        folder,
        ...(typeof tokenFile === 'string' ? { tokenFile: resolve(folder, tokenFile) } : {}),
      };
    }),
    currentContext: raw['current-context'] as string | undefined,
  };
}

function readEntries(
  path: string,
  raw: Record<string, unknown>,
): { clusters: Cluster[]; contexts: Context[]; users: User[] } {
  try {
    return {
      clusters: newClusters(raw['clusters']),
      contexts: newContexts(raw['contexts']),
      users: newUsers(raw['users']),
    };
  } catch (error) {
    // Here the syntax is known to be right, so the message names a missing field and quotes nothing.
    const what = error instanceof Error ? error.message : 'unreadable';
    throw new KubeconfigError(`${path} is not a kubeconfig: ${what}`);
  }
}

/** Those of the fields that name a file, from the folder of the kubeconfig on. */
function absolute<Field extends string>(
  folder: string,
  entry: Readonly<Partial<Record<Field, string>>>,
  fields: readonly Field[],
): Partial<Record<Field, string>> {
  const files: Partial<Record<Field, string>> = {};
  for (const field of fields) {
    const file = entry[field];
    if (file) {
      files[field] = isAbsolute(file) ? file : join(folder, file);
    }
  }
  return files;
}

function rawUser(raw: Record<string, unknown>, name: string): Record<string, unknown> {
  const users: unknown[] = Array.isArray(raw['users']) ? raw['users'] : [];
  const entry = users.filter(isRecord).find((user) => user['name'] === name);
  return isRecord(entry?.['user']) ? entry['user'] : {};
}
