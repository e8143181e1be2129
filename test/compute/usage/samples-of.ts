import type { GpuSample } from '../../../src/compute/usage/gpu-sample.ts';

/** A sample in which nothing is known but what is given. */
export function sample(known: Partial<GpuSample> & { readonly gpu: string }): GpuSample {
  return {
    node: undefined,
    pod: undefined,
    utilisation: undefined,
    source: undefined,
    model: undefined,
    migProfile: undefined,
    xid: undefined,
    ...known,
  };
}

export function pod(namespace: string, name: string, uid?: string): NonNullable<GpuSample['pod']> {
  return { namespace, name, uid };
}
