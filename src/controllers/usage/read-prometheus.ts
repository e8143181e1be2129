import { Secrets } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { UsageSource } from '../../api/usage-source.ts';
import { gpuQuery, samplesOfQuery } from '../../compute/usage/prometheus-samples.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isNotFound } from '../../kube/errors.ts';
import { readMetricsText } from '../../telemetry/read-metrics.ts';
import type { Clock } from '../../time/clock.ts';
import { SourceRefusedError, type UsageReading, failureOf } from './reading.ts';

/** What a query needs. */
export interface PrometheusParts {
  /** Of the cluster in which Headframe runs. */
  readonly client: KubeClient;
  /** In which Headframe runs, and the Secrets are. */
  readonly namespace: string;
  readonly clock: Clock;
  /** Milliseconds until the whole answer must be there. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The whole cluster is in one answer. */
const MAX_BYTES = 64 * 1024 * 1024;

/** A scrape may be missed: what was measured speaks for three intervals. */
const INTERVALS_BACK = 3;

type Source = Immutable<UsageSource>;

/** What a series without a name is read as: a metric of that unit that is true of parts of GPUs, too. */
const nameless = { Ratio: 'DCGM_FI_PROF_GR_ENGINE_ACTIVE', Percent: 'gpu_gfx_busy_instantaneous' } as const;

/** Asks the Prometheus server once. */
export async function readPrometheus(
  prometheus: NonNullable<Source['prometheus']>,
  intervalSeconds: number,
  parts: PrometheusParts,
): Promise<UsageReading> {
  const { url, query = gpuQuery(INTERVALS_BACK * intervalSeconds), unit } = prometheus;
  try {
    const { headers, ca } = await credentials(prometheus, parts);
    const text = await readMetricsText(queryUrl(url, query), {
      clock: parts.clock,
      timeoutMs: parts.timeoutMs,
      maxBytes: MAX_BYTES,
      signal: parts.signal,
      headers,
      ca,
    });
    return { asked: 1, failures: [], samples: samplesOfQuery(text, { metric: nameless[unit] }) };
  } catch (error) {
    return { asked: 1, failures: [failureOf('Prometheus', error)], samples: [] };
  }
}

function queryUrl(base: string, query: string): URL {
  const url = parseUrl(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/api/v1/query`;
  url.searchParams.set('query', query);
  return url;
}

function parseUrl(text: string): URL {
  if (!URL.canParse(text)) {
    throw new SourceRefusedError(
      `spec.usage.prometheus.url must be an http or https URL, such as 'http://prometheus.monitoring:9090'`,
    );
  }
  return new URL(text);
}

interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly ca: string | undefined;
}

/**
 * The token, if there is one and its Secret says that it is for this server: whoever may make a ComputeCluster could otherwise have any
 * Secret of the namespace sent to a server of theirs.
 */
async function credentials(
  { url, secretRef }: NonNullable<Source['prometheus']>,
  { client, namespace }: PrometheusParts,
): Promise<Credentials> {
  if (secretRef === undefined) {
    return { headers: {}, ca: undefined };
  }
  const where = `Secret ${namespace}/${secretRef.name}`;
  const secret = await client.get(Secrets, { namespace, name: secretRef.name }).catch((error: unknown) => {
    throw isNotFound(error) ? new SourceRefusedError(`there is no ${where}`) : error;
  });
  const read = (key: string): string | undefined => {
    const encoded =
      secret.data !== undefined && Object.hasOwn(secret.data, key) ? secret.data[key] : undefined;
    return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8').trim();
  };
  const { origin, protocol } = parseUrl(url);
  if (protocol !== 'https:' || read('server') !== origin) {
    throw new SourceRefusedError(
      `key server of ${where} must be '${origin}', and begin with https: the token goes to no other server`,
    );
  }
  const token = read(secretRef.key);
  if (token === undefined || token === '') {
    throw new SourceRefusedError(`there is no key ${secretRef.key} in ${where}`);
  }
  return { headers: { Authorization: `Bearer ${token}` }, ca: read('ca.crt') };
}
