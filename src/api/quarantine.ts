import * as z from 'zod';

/** The most failures that may be wanted before a node is left out. */
const MOST_FAILURES = 10;
/** The most nodes of which failures are remembered, and the most that are in quarantine at the same time. */
export const MOST_QUARANTINED = 256;

/** When a node is left out because GPU pods fail on it: `spec.quarantine` of a ComputeCluster. */
export const Quarantine = z.object({
  failures: z
    .int32()
    .min(0)
    .max(MOST_FAILURES)
    .default(3)
    .describe(
      'After how many failures within windowSeconds a node is left out. A failure is a GPU pod that the node refuses (UnexpectedAdmissionError, TopologyAffinityError, OutOf<GPU resource>), a GPU pod that ends with an error while a GPU of the node shows an XID error that is fatal or has come since the pod was bound, or a new XID error. A new XID error that is fatal for the GPU, such as 48, 79 or 95, and a node condition that reports XID errors, are enough by themselves. Errors of applications, such as 13 or 31, count for nothing. 0: no node is ever left out.',
    ),
  windowSeconds: z
    .int32()
    .min(60)
    .max(86_400)
    .default(600)
    .describe('Seconds within which the failures must happen.'),
  firstSeconds: z
    .int32()
    .min(1)
    .max(604_800)
    .default(600)
    .describe('Seconds for which a node is left out the first time. Each further time is twice as long.'),
  maxSeconds: z
    .int32()
    .min(1)
    .max(604_800)
    .default(86_400)
    .describe(
      'The most seconds for which a node is left out at a time. After so long without another quarantine the former ones are forgotten.',
    ),
});
export type Quarantine = z.infer<typeof Quarantine>;

const nodeName = () => z.string().min(1).max(253).describe('Name of the node.');

const QuarantinedNode = z.object({
  node: nodeName(),
  stage: z
    .enum(['LeftOut', 'OnTrial'])
    .describe(
      'LeftOut: no guest goes there. OnTrial: guests do again, and another quarantine would be longer.',
    ),
  startTime: z.iso.datetime().describe('When the node was left out last.'),
  endTime: z.iso.datetime().describe('When it is tried again.'),
  times: z.int32().min(1).describe('How many times in a row it has been left out.'),
  reason: z.string().max(256).describe('What failed on it, for people.'),
});
export type QuarantinedNode = z.infer<typeof QuarantinedNode>;

const FailingNode = z.object({
  node: nodeName(),
  failures: z
    .array(
      z.object({
        id: z
          .string()
          .min(1)
          .max(128)
          .describe(
            'What failed: the UID of a pod, or the XID error, when it came and the GPU, so that it counts once.',
          ),
        failureTime: z.iso.datetime().describe('When it failed.'),
        what: z.string().max(64).describe('What happened: the reason of the pod’s failure, or the XID code.'),
      }),
    )
    .max(MOST_FAILURES)
    .default([])
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['id'] })
    .describe('The failures that still count, the oldest first.'),
});
export type FailingNode = z.infer<typeof FailingNode>;

/** `status.quarantine` of a ComputeCluster. */
export function quarantinedNodes(): z.ZodDefault<z.ZodArray<typeof QuarantinedNode>> {
  return z
    .array(QuarantinedNode)
    .max(MOST_QUARANTINED)
    .default([])
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['node'] })
    .describe(
      'Nodes that are left out because GPU pods failed on them, and those that were so lately that another time would be longer.',
    );
}

/** `status.nodeFailures` of a ComputeCluster. */
export function nodeFailures(): z.ZodDefault<z.ZodArray<typeof FailingNode>> {
  return z
    .array(FailingNode)
    .max(MOST_QUARANTINED)
    .default([])
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['node'] })
    .describe(
      'Failures that may yet have a node left out. Pods that failed are deleted; what counts is kept here.',
    );
}
