import type { NodeKind } from './scenario.ts';

/** What racks, institutions and rented clusters have, from V100 to B200. */
export const nodeKinds: readonly NodeKind[] = [
  { product: 'Tesla-V100-SXM3-32GB', vendor: 'NVIDIA', gpusPerNode: 16, weight: 3 },
  { product: 'Tesla-T4-SHARED', vendor: 'NVIDIA', gpusPerNode: 32, slices: 4, weight: 2 },
  { product: 'NVIDIA-GeForce-RTX-4090', vendor: 'NVIDIA', gpusPerNode: 10, weight: 3 },
  { product: 'NVIDIA-L40S', vendor: 'NVIDIA', gpusPerNode: 10, weight: 2 },
  { product: 'NVIDIA-A100-SXM4-80GB', vendor: 'NVIDIA', gpusPerNode: 16, weight: 4 },
  { product: 'NVIDIA-H100-80GB-HBM3', vendor: 'NVIDIA', gpusPerNode: 8, weight: 3 },
  { product: 'NVIDIA-H200', vendor: 'NVIDIA', gpusPerNode: 8, weight: 1 },
  { product: 'NVIDIA-B200', vendor: 'NVIDIA', gpusPerNode: 8, weight: 1 },
  { product: 'AMD_Instinct_MI300X_OAM', vendor: 'AMD', gpusPerNode: 8, weight: 1 },
];
