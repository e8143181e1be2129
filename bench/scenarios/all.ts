import { fairness } from './fairness.ts';
import { memory, reaction, start, steady } from './fleet.ts';
import { burst, many } from './races.ts';
import type { Scenario } from './scenario.ts';

/** In the order in which they run: those of the large fleet share it, and it is made once. */
export const scenarios: readonly Scenario[] = [burst, many, fairness, memory, steady, reaction, start];
