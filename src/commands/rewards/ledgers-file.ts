import type { ConfigMap } from '../../api/builtin.ts';
import type { Ledger } from '../../compute/usage/ledger.ts';
import { LEDGER_OF, parseLedger } from '../../controllers/usage/ledger-store.ts';
import { ExitError } from '../exit-error.ts';

/**
 * The ledgers in what `kubectl get configmaps -o json` prints. ConfigMaps without one are passed over.
 * @param name of the file, for messages
 * @throws ExitError of code 2 when there is no ledger in it, or one that cannot be read
 */
export function readLedgers(text: string, name: string): Ledger {
  const ledgers = configMapsIn(text, name).flatMap((object) => {
    const cluster = object.metadata.annotations?.[LEDGER_OF];
    if (cluster === undefined) {
      return [];
    }
    const record = parseLedger(cluster, object);
    if (record instanceof Error) {
      throw new ExitError(`'${name}': ConfigMap ${object.metadata.name}: ${record.message}`, 2);
    }
    return [[cluster, record] as const];
  });
  if (ledgers.length === 0) {
    throw new ExitError(
      `'${name}' holds no ledger: it must be what kubectl --namespace headframe-system get configmaps -o json prints, where the operator runs in headframe-system`,
      2,
    );
  }
  return new Map(ledgers);
}

function configMapsIn(text: string, name: string): readonly ConfigMap[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ExitError(`'${name}' is not JSON`, 2, { cause: error });
  }
  const items: unknown = isRecord(value) ? (value['items'] ?? [value]) : [];
  return Array.isArray(items) ? items.filter(isConfigMap) : [];
}

function isConfigMap(value: unknown): value is ConfigMap {
  return isRecord(value) && value['kind'] === 'ConfigMap' && isRecord(value['metadata']);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
