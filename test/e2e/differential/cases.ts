import { verbs } from './cases/verbs.ts';
import type { Case } from './step.ts';

/** All cases by topic. */
export const topics: Readonly<Record<string, readonly Case[]>> = {
  verbs,
};
