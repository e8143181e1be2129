import { allAtOnce, restart, tryFaults } from './support/fault-trials.ts';

/** The short form of test/chaos/faults.chaos.test.ts, where every kind is tried alone, too. */
tryFaults([allAtOnce(3), restart], { title: 'the operator under faults, in short', grounds: 1 });
