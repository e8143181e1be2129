import * as z from 'zod';
import { celRules } from './schema/kind.ts';

const SecretRef = z
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
      .default('kubeconfig')
      .describe('The key under which the Secret has the kubeconfig.'),
  })
  .describe('The Secret that holds the kubeconfig.');

const Kubeconfig = z
  .object({
    secretRef: SecretRef,
    context: z
      .string()
      .min(1)
      .max(253)
      .exactOptional()
      .describe('The context of the kubeconfig to use. Absent: its current-context.'),
  })
  .describe(
    'Where the kubeconfig is. It must carry its credentials in itself: files, credential plugins and auth providers are refused.',
  );
export type KubeconfigSource = z.infer<typeof Kubeconfig>;

/** How a cluster is reached: `spec.connection` of a ComputeCluster. */
export const ClusterConnection = z
  .object({
    type: z
      .enum(['Local', 'Kubeconfig'])
      .default('Local')
      .describe(
        'How the cluster is reached. Local: it is the cluster in which Headframe runs; the object must then be named local. Kubeconfig: by the kubeconfig in a Secret.',
      ),
    kubeconfig: Kubeconfig.exactOptional(),
  })
  .meta(
    celRules({
      rule: "(self.type == 'Kubeconfig') == has(self.kubeconfig)",
      message: 'must set kubeconfig when type is Kubeconfig, and only then',
    }),
  );
