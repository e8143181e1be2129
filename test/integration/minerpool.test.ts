import { describePool } from './support/pool-scenarios.ts';

describePool({ kills: 0 });
