import * as z from 'zod';
import { celRules } from './schema/kind.ts';

/** A text that can be the value of a label, or empty. */
const LabelValue = z.string().max(63);

const Exporters = z
  .object({
    namespace: z
      .string()
      .min(1)
      .max(63)
      .exactOptional()
      .describe('The namespace of the exporter pods, such as gpu-operator. Absent: any.'),
    podSelector: z
      .record(z.string(), LabelValue)
      .default({ app: 'nvidia-dcgm-exporter' })
      .meta({ minProperties: 1, maxProperties: 16, 'x-kubernetes-map-type': 'atomic' })
      .describe(
        'Labels of the exporter pods, with their values. The default is what the NVIDIA GPU operator gives its dcgm-exporter; the exporter’s own chart writes app.kubernetes.io/name: dcgm-exporter, AMD’s GPU operator app.kubernetes.io/name: metrics-exporter.',
      ),
    port: z
      .int32()
      .min(1)
      .max(65_535)
      .default(9400)
      .describe('The port of the pods. dcgm-exporter: 9400; AMD’s device-metrics-exporter: 5000.'),
    path: z
      .string()
      .min(1)
      .max(256)
      .regex(/^\/[-._~/A-Za-z0-9]*$/)
      .default('/metrics')
      .describe('The path of the metrics, without a query.'),
    access: z
      .enum(['Auto', 'Direct', 'APIServerProxy'])
      .default('Auto')
      .describe(
        'The way to the pods. Direct: to their IP addresses, by HTTP; Headframe must run where they can be reached. APIServerProxy: through the cluster’s API server, which asks for the permission to get pods/proxy there. Auto: Direct for the cluster in which Headframe runs, APIServerProxy for others.',
      ),
  })
  .describe('Which pods are the exporters. Of use only when source is Exporters.');

const TokenSecret = z
  .object({
    name: z
      .string()
      .min(1)
      .max(253)
      .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/)
      .describe('Name of the Secret. It lies in the namespace in which Headframe runs.'),
    key: z
      .string()
      .min(1)
      .max(253)
      .regex(/^[-._A-Za-z0-9]+$/)
      .default('token')
      .describe('The key under which the Secret has the bearer token.'),
  })
  .describe(
    'The Secret with a bearer token. Its key server must hold the scheme, host and port of url, such as https://prometheus.example:9090, so that nobody can have the token sent elsewhere; its key ca.crt may hold the certificate authority, in PEM.',
  );

const Prometheus = z
  .object({
    url: z
      .string()
      .max(512)
      .meta(
        celRules({
          rule: "self.matches('^https?://[^/@?#\\\\s]+(/[^?#\\\\s]*)?$')",
          message:
            "must be an http or https URL without credentials, query or fragment, such as 'http://prometheus.monitoring:9090'",
        }),
      )
      .describe(
        'Where the Prometheus server is, such as http://prometheus.monitoring:9090. /api/v1/query is added.',
      ),
    query: z
      .string()
      .min(1)
      .max(2048)
      .exactOptional()
      .describe(
        'An instant query in PromQL for the utilisation of the GPUs of this cluster, and of no other. Its series must carry the labels of the exporter: the GPU’s UUID, pod and namespace. Absent: every series of the metrics of NVIDIA’s and AMD’s exporters.',
      ),
    unit: z
      .enum(['Ratio', 'Percent'])
      .default('Ratio')
      .describe(
        'What the values of the query are when it leaves its series without the name of a metric, as an aggregation does. Ratio: 0 to 1; Percent: 0 to 100.',
      ),
    secretRef: TokenSecret.exactOptional(),
  })
  .meta(
    celRules({
      rule: "!has(self.secretRef) || self.url.startsWith('https://')",
      message: 'must begin with https:// when secretRef is set: a token is not sent in the clear',
      fieldPath: '.url',
    }),
  )
  .describe('The Prometheus server. Must be set when source is Prometheus, and only then.');

/** Where the utilisation of GPUs is read: `spec.usage` of a ComputeCluster. */
export const UsageSource = z
  .object({
    source: z
      .enum(['None', 'Exporters', 'Prometheus'])
      .default('None')
      .describe(
        'Where the utilisation of GPUs is read. None: nowhere; the time for which pools hold GPUs is counted all the same, as unmeasured. Exporters: from the exporter pods of the cluster, each by itself. Prometheus: from a Prometheus server, by a query.',
      ),
    intervalSeconds: z.int32().min(5).max(300).default(30).describe('Seconds from one reading to the next.'),
    exporters: Exporters.prefault({}),
    prometheus: Prometheus.exactOptional(),
  })
  .meta(
    celRules({
      rule: "(self.source == 'Prometheus') == has(self.prometheus)",
      message: 'must set prometheus when source is Prometheus, and only then',
    }),
  );
export type UsageSource = z.infer<typeof UsageSource>;

const withDefaults = UsageSource.prefault({});

/** `spec.usage` with all defaults: a ComputeCluster that was stored before the field existed may lack it. */
export function usageSource({ usage }: { readonly usage?: unknown }): UsageSource {
  return withDefaults.parse(usage);
}
