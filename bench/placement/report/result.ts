import type { Contest } from '../runner/contest.ts';
import type { GapSummary } from '../runner/gap.ts';
import type { Growth } from '../runner/growth.ts';

/** One run of the simulation, as `--json` writes it and docs/placement-performance.md is made from. */
export interface PlacementResult {
  /** RFC 3339. */
  readonly date: string;
  /** By which counts were multiplied; 1 for the figures to quote. */
  readonly scale: number;
  readonly versions: { readonly headframe: string; readonly commit: string; readonly node: string };
  readonly fleet: {
    readonly nodes: number;
    readonly clusters: number;
    readonly pools: number;
    readonly hours: number;
    readonly seed: number;
  };
  readonly contests: readonly Contest[];
  readonly gaps: readonly GapSummary[];
  readonly growth: readonly Growth[];
  /** What must hold and did not; see limits.ts. */
  readonly missed: readonly string[];
}
