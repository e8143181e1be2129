import { describePool } from '../integration/support/pool-scenarios.ts';

describePool({ kills: 8 });
