import type { JsonObject } from '../schema/schema.ts';

/**
 * What a create is compared with: upstream's empty object of that Go type. Its structs are there already, so nobody comes to own
 * the `.spec` of a Pod, as somebody does that of a custom resource.
 */
export function zeroObject(object: JsonObject): JsonObject {
  const { apiVersion, kind } = object;
  const zero =
    typeof apiVersion === 'string' && typeof kind === 'string'
      ? zeroObjects[`${apiVersion} ${kind}`]
      : undefined;
  return { ...zero, apiVersion, kind };
}

const podTemplate: JsonObject = { metadata: {}, spec: { containers: null } };

/** By apiVersion and kind: what k8s.io/api v0.37.2 encodes an empty Go value as. Kinds without structs are left out. */
const zeroObjects: Readonly<Record<string, JsonObject | undefined>> = {
  'v1 Pod': { spec: { containers: null }, status: {} },
  'v1 Node': {
    spec: {},
    status: {
      daemonEndpoints: { kubeletEndpoint: { Port: 0 } },
      nodeInfo: {
        machineID: '',
        systemUUID: '',
        bootID: '',
        kernelVersion: '',
        osImage: '',
        containerRuntimeVersion: '',
        kubeletVersion: '',
        kubeProxyVersion: '',
        operatingSystem: '',
        architecture: '',
      },
    },
  },
  'v1 Namespace': { spec: {}, status: {} },
  'v1 Service': { spec: {}, status: { loadBalancer: {} } },
  'v1 Event': {
    involvedObject: {},
    source: {},
    firstTimestamp: null,
    lastTimestamp: null,
    eventTime: null,
    reportingComponent: '',
    reportingInstance: '',
  },
  'v1 PersistentVolume': { spec: {}, status: {} },
  'v1 PersistentVolumeClaim': { spec: { resources: {} }, status: {} },
  'v1 ResourceQuota': { spec: {}, status: {} },
  'v1 LimitRange': { spec: { limits: null } },
  'v1 ReplicationController': { spec: {}, status: { replicas: 0 } },
  'v1 PodTemplate': { template: podTemplate },
  'apps/v1 Deployment': { spec: { selector: null, template: podTemplate, strategy: {} }, status: {} },
  'apps/v1 ReplicaSet': { spec: { selector: null, template: podTemplate }, status: { replicas: 0 } },
  'apps/v1 StatefulSet': {
    spec: { selector: null, template: podTemplate, serviceName: '', updateStrategy: {} },
    status: { replicas: 0, availableReplicas: 0 },
  },
  'apps/v1 DaemonSet': {
    spec: { selector: null, template: podTemplate, updateStrategy: {} },
    status: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
  },
  'apps/v1 ControllerRevision': { data: null, revision: 0 },
  'batch/v1 Job': { spec: { template: podTemplate }, status: {} },
  'batch/v1 CronJob': {
    spec: { schedule: '', jobTemplate: { metadata: {}, spec: { template: podTemplate } } },
    status: {},
  },
  'coordination.k8s.io/v1 Lease': { spec: {} },
  'discovery.k8s.io/v1 EndpointSlice': { addressType: '', endpoints: null, ports: null },
  'events.k8s.io/v1 Event': {
    eventTime: null,
    regarding: {},
    deprecatedSource: {},
    deprecatedFirstTimestamp: null,
    deprecatedLastTimestamp: null,
  },
  'networking.k8s.io/v1 Ingress': { spec: {}, status: { loadBalancer: {} } },
  'networking.k8s.io/v1 NetworkPolicy': { spec: { podSelector: {} } },
  'policy/v1 PodDisruptionBudget': {
    spec: {},
    status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
  },
  'rbac.authorization.k8s.io/v1 Role': { rules: null },
  'rbac.authorization.k8s.io/v1 RoleBinding': { roleRef: { apiGroup: '', kind: '', name: '' } },
  'rbac.authorization.k8s.io/v1 ClusterRole': { rules: null },
  'rbac.authorization.k8s.io/v1 ClusterRoleBinding': { roleRef: { apiGroup: '', kind: '', name: '' } },
  'scheduling.k8s.io/v1 PriorityClass': { value: 0 },
  'storage.k8s.io/v1 StorageClass': { provisioner: '' },
  'apiextensions.k8s.io/v1 CustomResourceDefinition': {
    spec: { group: '', names: { plural: '', kind: '' }, scope: '', versions: null },
    status: { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: null },
  },
  'autoscaling/v1 Scale': { spec: {}, status: { replicas: 0 } },
};
