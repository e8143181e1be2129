import { parse as parseYaml } from 'yaml';
import { KubeconfigError } from './kubeconfig-error.ts';

/**
 * The top of a kubeconfig, as its author wrote it.
 * @param source for people
 * @param merge whether `<<` stands for the fields of what it names, as for kubectl
 * @throws KubeconfigError that names the line but does not quote it: it may hold a token
 */
export function parseKubeconfigYaml(
  source: string,
  text: string,
  { merge }: { readonly merge: boolean },
): Record<string, unknown> {
  let raw: unknown;
  try {
    // Warnings quote the text, and node prints them.
    raw = parseYaml(text, { prettyErrors: true, logLevel: 'error', merge });
  } catch (error) {
    const line = (error as { linePos?: [{ line: number }] }).linePos?.[0].line;
    throw new KubeconfigError(`${source} is not YAML${line === undefined ? '' : ` (line ${line})`}`);
  }
  if (!isRecord(raw)) {
    throw new KubeconfigError(`${source} is not a kubeconfig`);
  }
  return raw;
}

/** Something that a kubeconfig calls by a name. */
interface Named {
  readonly name: string;
}

/** Finds by name, or says which names there are. */
export function finderIn(
  source: string,
): <Item extends Named>(what: string, name: string, items: readonly Item[]) => Item {
  return (what, name, items) => {
    const found = items.find((item) => item.name === name);
    if (found === undefined) {
      const known = items.length === 0 ? 'it has none' : `it has: ${listNames(items)}`;
      throw new KubeconfigError(`there is no ${what} ${JSON.stringify(name)} in ${source}; ${known}`);
    }
    return found;
  };
}

export function listNames(items: readonly Named[]): string {
  return items.map((item) => item.name).join(', ');
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
