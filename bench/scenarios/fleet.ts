import { eventLoopLag, type Fleet, type FleetScenario } from './scenario.ts';

/** 10 000 pods of 1000 pools, all Running. */
const fleet: Fleet = { owners: 1000, replicas: 10 };

export const memory: FleetScenario = {
  name: 'memory',
  kind: 'memory',
  about: 'An operator that has made 1000 pools of 10 replicas and holds them in its caches.',
  fleet,
  samples: 1,
  measures: [
    {
      id: 'residentMemory',
      title: 'resident memory when all is quiet, with 10 000 pods and 1000 pools in cache',
      unit: 'MiB',
      better: 'lower',
      aim: 200,
    },
    { id: 'heapUsed', title: 'JavaScript heap in use at that time', unit: 'MiB', better: 'lower' },
    { id: 'peakMemory', title: 'largest resident memory until then', unit: 'MiB', better: 'lower' },
    eventLoopLag,
  ],
};

export const start: FleetScenario = {
  name: 'start',
  kind: 'start',
  about: 'The operator is started with 10 000 pods and 1000 pools in the cluster.',
  fleet,
  samples: 3,
  measures: [
    {
      id: 'startToSynced',
      title: 'from the start of the process to /readyz: all caches are full',
      unit: 's',
      better: 'lower',
      aim: 5,
    },
    {
      id: 'residentMemory',
      title: 'resident memory 10 s after that',
      unit: 'MiB',
      better: 'lower',
      aim: 200,
    },
    { id: 'peakMemory', title: 'largest resident memory until then', unit: 'MiB', better: 'lower' },
    eventLoopLag,
  ],
};

export const steady: FleetScenario = {
  name: 'steady',
  kind: 'steady',
  about:
    'Nothing changes in a cluster of 10 000 pods and 1000 pools. Counted by the audit log of the API server.',
  fleet,
  samples: 2,
  measures: [
    {
      id: 'writes',
      title: 'writes of the operator, lease renewals and the ledger of GPU time aside',
      unit: 'per minute',
      better: 'lower',
      limit: 0,
    },
    {
      id: 'ledgerWrites',
      title: 'writes of the ledger of GPU time, one ConfigMap for each cluster',
      unit: 'per minute',
      better: 'lower',
      limit: 1,
    },
    { id: 'lists', title: 'LISTs of the operator', unit: 'per minute', better: 'lower', limit: 0 },
    { id: 'leaseRequests', title: 'reads and renewals of its lease', unit: 'per minute', better: 'lower' },
    eventLoopLag,
  ],
};

export const reaction: FleetScenario = {
  name: 'reaction',
  kind: 'reaction',
  about:
    'One of 1000 idle pools after the other is scaled by one. The times are those of the API server’s audit log: one clock, microseconds, no delay of the measuring process in them; what the API server itself takes to store the change is included.',
  fleet,
  samples: 200,
  measures: [
    {
      id: 'reactionP50',
      title:
        'from the arrival of the change of the spec at the API server to that of the first POST of a pod, p50',
      unit: 'ms',
      better: 'lower',
      limit: 15,
    },
    { id: 'reactionP99', title: 'the same, p99', unit: 'ms', better: 'lower', limit: 100 },
    {
      id: 'sinceAnswerP50',
      title:
        'the same from the answer to the change, p50 (below zero when the watch was faster than the answer)',
      unit: 'ms',
      better: 'lower',
    },
    eventLoopLag,
  ],
};
