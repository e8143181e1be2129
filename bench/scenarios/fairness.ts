import { eventLoopLag, type FairnessScenario } from './scenario.ts';

export const fairness: FairnessScenario = {
  name: 'fairness',
  kind: 'fairness',
  about:
    'Pools of one replica, created one after the other while a pool of 5000 replicas is being filled. The times are those of the API server’s audit log.',
  largeReplicas: 5000,
  smallPools: 10,
  everyMs: 500,
  measures: [
    {
      id: 'smallPoolWorst',
      title: 'from the answer to the POST of a small pool until its pod is stored, the longest of all',
      unit: 'ms',
      better: 'lower',
      limit: 1000,
    },
    { id: 'smallPoolMedian', title: 'the same, median', unit: 'ms', better: 'lower' },
    { id: 'largeRate', title: 'pods of the large pool meanwhile', unit: 'pods/s', better: 'higher' },
    eventLoopLag,
  ],
};
