import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

/** What the API machinery counts. The first two names are client-go's, so that existing dashboards work. */
export interface KubeMetrics {
  /** `code` is the HTTP status, or `<error>` when no answer came. */
  readonly requests: Counter<'code' | 'method' | 'host'>;
  readonly requestSeconds: Histogram<'verb' | 'host'>;
  readonly watchEvents: Counter<'kind' | 'type'>;
  readonly relists: Counter<'kind' | 'reason'>;
  /** Unix time of the last event or bookmark: `time() - x` is how long a watch has been silent. */
  readonly lastEvent: Gauge<'kind'>;
  readonly cacheObjects: Gauge<'kind'>;
  readonly parseErrors: Counter<'kind'>;
  readonly handlerErrors: Counter<'kind'>;
}

/** Seconds; the buckets of client-go's rest_client_request_duration_seconds. */
const requestBuckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 45, 60];

/** Registers the metrics. Once per registry; several clusters share them, told apart by `host`. */
export function kubeMetrics(registry: Registry): KubeMetrics {
  const registers = [registry];
  return {
    requests: new Counter({
      name: 'rest_client_requests_total',
      help: 'Requests to API servers, by status code, method and host.',
      labelNames: ['code', 'method', 'host'],
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'rest_client_request_duration_seconds',
      help: 'Seconds until the whole answer was there; for watches until they began.',
      labelNames: ['verb', 'host'],
      buckets: requestBuckets,
      registers,
    }),
    watchEvents: new Counter({
      name: 'headframe_watch_events_total',
      help: 'Events received by watches, by kind and event type, bookmarks included.',
      labelNames: ['kind', 'type'],
      registers,
    }),
    relists: new Counter({
      name: 'headframe_watch_relists_total',
      help: 'Full lists, by kind and why: start, expired, failing.',
      labelNames: ['kind', 'reason'],
      registers,
    }),
    lastEvent: new Gauge({
      name: 'headframe_watch_last_event_timestamp_seconds',
      help: 'Unix time of the last event or bookmark of the watch.',
      labelNames: ['kind'],
      registers,
    }),
    cacheObjects: new Gauge({
      name: 'headframe_cache_objects',
      help: 'Objects held in the cache.',
      labelNames: ['kind'],
      registers,
    }),
    parseErrors: new Counter({
      name: 'headframe_watch_parse_errors_total',
      help: 'Lines of watches that were cut off or were not what an API server sends.',
      labelNames: ['kind'],
      registers,
    }),
    handlerErrors: new Counter({
      name: 'headframe_watch_handler_errors_total',
      help: 'Exceptions of change handlers.',
      labelNames: ['kind'],
      registers,
    }),
  };
}
