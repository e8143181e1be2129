/** Since when a pool has been idle, in milliseconds since 1970; `busy` when it is not; `unmeasured` when nobody has told for a while. */
export type Idleness = number | 'busy' | 'unmeasured';

/** What is known of how busy pools are: told by the controller of usage, written into statuses by that of pools. */
export interface PoolUsage {
  /**
   * Undefined when nobody can tell yet: they have not been measured for long enough. What was said before then stands, as it does after
   * a restart.
   */
  idleness(poolUid: string): Idleness | undefined;
  /** Of all measured GPUs of the pool together, 0 to 1; undefined when none was measured. */
  utilisation(poolUid: string): number | undefined;
  /** Hears of every pool whose idleness has become another, by its key. */
  listen(listener: (poolKey: string) => void): void;
}
