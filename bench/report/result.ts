import type { Figure } from '../checker/check.ts';

/** One run of the bench, as `--json` writes it and `bench/results` keeps it. */
export interface BenchResult {
  /** RFC 3339: when the run began. */
  readonly date: string;
  readonly seconds: number;
  readonly scale: number;
  readonly headframe: {
    readonly version: string;
    readonly commit: string;
    /** Whether the working tree differed from the commit in what the operator is built from. */
    readonly modified: boolean;
  };
  readonly versions: { readonly node: string; readonly kubernetes: string; readonly kwok: string };
  readonly hardware: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGiB: number;
    /** One-minute load average before the run: above some 0.5 a core something else was running. */
    readonly loadBefore: number;
  };
  /** The scenarios that ran. */
  readonly scenarios: readonly { readonly name: string; readonly about: string; readonly seconds: number }[];
  readonly figures: readonly Figure[];
}
