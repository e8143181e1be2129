import { eventLoopLag, type Measure, type RaceScenario } from './scenario.ts';

const createdRatio: Measure = {
  id: 'createdRatio',
  title: 'time until all pods are created, Headframe / ReplicaSet',
  unit: 'ratio',
  better: 'lower',
  aim: 0.8,
  limit: 1,
};
const runningRatio: Measure = {
  id: 'runningRatio',
  title: 'time until all pods are Running, Headframe / ReplicaSet',
  unit: 'ratio',
  better: 'lower',
  aim: 0.8,
  limit: 1,
};
/** No limit: a pool costs the API server more than a ReplicaSet, since to write the status of a custom resource takes it as long as to create three pods (docs/adr/0011). */
const runningRatioOfMany: Measure = {
  id: runningRatio.id,
  title: runningRatio.title,
  unit: 'ratio',
  better: 'lower',
  aim: 1,
};
const shareOfRaw: Measure = {
  id: 'shareOfRaw',
  title: 'pods created per second, Headframe / bare POSTs over as many keep-alive connections',
  unit: 'share',
  better: 'higher',
  aim: 0.7,
};
const cpuPerPod: Measure = {
  id: 'operatorCpuPerPod',
  title: 'CPU time of the operator per pod, until all are Running',
  unit: 'ms',
  better: 'lower',
};

function seconds(id: string, title: string): Measure {
  return { id, title, unit: 's', better: 'lower' };
}

/** What the other figures are computed from. */
const times: readonly Measure[] = [
  seconds('poolCreated', 'Headframe: all created'),
  seconds('poolRunning', 'Headframe: all Running'),
  seconds('replicaSetCreated', 'ReplicaSet: all created'),
  seconds('replicaSetRunning', 'ReplicaSet: all Running'),
];

export const burst: RaceScenario = {
  name: 'burst',
  kind: 'race',
  about:
    'One MinerPool of 1000 replicas against one ReplicaSet of 1000 with the same pods, and against bare POSTs, in turn.',
  fleet: { owners: 1, replicas: 1000 },
  rounds: 5,
  raw: true,
  measures: [
    createdRatio,
    runningRatio,
    shareOfRaw,
    cpuPerPod,
    eventLoopLag,
    ...times,
    { id: 'rawRate', title: 'bare POSTs', unit: 'pods/s', better: 'higher' },
    { id: 'poolRate', title: 'Headframe', unit: 'pods/s', better: 'higher' },
  ],
};

export const many: RaceScenario = {
  name: 'many',
  kind: 'race',
  about: '100 MinerPools of 10 replicas against 100 ReplicaSets of 10 with the same pods, in turn.',
  fleet: { owners: 100, replicas: 10 },
  rounds: 3,
  raw: false,
  measures: [createdRatio, runningRatioOfMany, cpuPerPod, eventLoopLag, ...times],
};
