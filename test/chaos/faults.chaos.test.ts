import {
  allAtOnce,
  deletion,
  eachKind,
  refusedConnections,
  restart,
  tryFaults,
} from '../integration/support/fault-trials.ts';
import { clusterKind } from '../support/test-cluster.ts';

/** An embedded control plane costs next to nothing, so trials need not wait for each other. */
const grounds = clusterKind === 'real' ? 1 : 4;

tryFaults([...eachKind, refusedConnections, restart, deletion, allAtOnce(1), allAtOnce(2)], {
  title: 'the operator under faults of every kind',
  grounds,
});
