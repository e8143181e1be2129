import { parse } from 'yaml';
import * as z from 'zod';
import { GpuModelOverrides } from '../../api/gpu-model-override.ts';
import { Pricing } from '../../api/pricing.ts';
import { type GpuCatalogue, createCatalogue } from '../../compute/gpu-catalogue.ts';
import { pricingProblems } from '../../compute/pricing/pricing-problems.ts';
import { ExitError } from '../exit-error.ts';

/** What a price table's file says. */
export interface PriceTableFile {
  readonly pricing: Pricing;
  /** With the models that the ComputeCluster adds. */
  readonly catalogue: GpuCatalogue;
}

/** A ComputeCluster, as far as it is about prices. */
const Cluster = z.object({
  kind: z.literal('ComputeCluster'),
  spec: z.object({ pricing: Pricing, gpuModels: GpuModelOverrides.default([]) }),
});

/**
 * Reads a price table: a ComputeCluster as `kubectl get -o yaml` prints it, or just its `spec.pricing`; YAML or JSON.
 * @param file named in what is thrown
 * @throws ExitError of code 2 that names the field and says what is allowed
 */
export function readPriceTable(text: string, file: string): PriceTableFile {
  const content = parsed(text, file);
  const isCluster = typeof content === 'object' && content !== null && 'kind' in content;
  const { pricing, gpuModels } = isCluster
    ? checked(Cluster, content, file).spec
    : { pricing: checked(Pricing, content, file), gpuModels: [] };
  const catalogue = createCatalogue(gpuModels);
  const problems = pricingProblems(pricing, catalogue);
  if (problems.length > 0) {
    const prefix = isCluster ? 'spec.pricing.' : '';
    throw unusable(file, problems.map((problem) => `${prefix}${problem}`).join('; '));
  }
  return { pricing, catalogue };
}

function parsed(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw unusable(
      file,
      `it is neither YAML nor JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function checked<T>(schema: z.ZodType<T>, content: unknown, file: string): T {
  const result = schema.safeParse(content);
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message }) =>
      path.length === 0 ? message : `${path.join('.')}: ${message}`,
    );
    throw unusable(
      file,
      `it must be a ComputeCluster with spec.pricing, or a spec.pricing: ${problems.join('; ')}`,
    );
  }
  return result.data;
}

function unusable(file: string, reason: string): ExitError {
  return new ExitError(`--prices: '${file}' cannot be used: ${reason}`, 2);
}
