/** What came of a plan's steps: the part of the status that no cache knows yet. */
export interface Outcome {
  /** Names of the pods that were created. */
  readonly created: readonly string[];
  /** Names of the pods that were deleted. */
  readonly deleted: readonly string[];
  /** Names that turned out to be taken by pods of others. */
  readonly taken: readonly string[];
  /** Why the API server refused a pod, in its own words; undefined when it refused none. */
  readonly refusal: string | undefined;
  /** Clusters in which a pod was created. */
  readonly madeIn: ReadonlySet<string>;
  /** Why clusters refused to create a pod, in the words of their API servers, by cluster. */
  readonly refusedIn: ReadonlyMap<string, string>;
}

export const nothingDone: Outcome = {
  created: [],
  deleted: [],
  taken: [],
  refusal: undefined,
  madeIn: new Set(),
  refusedIn: new Map(),
};
