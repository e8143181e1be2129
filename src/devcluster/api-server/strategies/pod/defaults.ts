import { canonicalQuantities } from '../quantities.ts';
import { isObject } from '../../schema/json.ts';
import type { Json, JsonObject } from '../../schema/schema.ts';

/** What kube-apiserver fills in of a pod (k8s.io/kubernetes/pkg/apis/core/v1/defaults.go). */
export function setPodDefaults(pod: JsonObject): void {
  const { spec } = pod;
  if (isObject(spec)) {
    setPodSpecDefaults(spec);
    if (spec['hostNetwork'] === true) {
      eachContainer(spec, (container) => objectsIn(container['ports']).forEach(useHostPort));
    }
    eachContainer(spec, requestWhatIsLimited);
    spec['enableServiceLinks'] ??= true;
  }
}

/** The same for the template of a workload. */
export function setPodSpecDefaults(spec: JsonObject): void {
  spec['restartPolicy'] ??= 'Always';
  const grace = spec['terminationGracePeriodSeconds'] ?? 30;
  spec['terminationGracePeriodSeconds'] = typeof grace === 'number' && grace < 0 ? 1 : grace;
  spec['dnsPolicy'] ??= 'ClusterFirst';
  spec['securityContext'] ??= {};
  spec['schedulerName'] ??= 'default-scheduler';
  if (typeof spec['serviceAccountName'] === 'string') {
    spec['serviceAccount'] ??= spec['serviceAccountName'];
  } else if (typeof spec['serviceAccount'] === 'string') {
    spec['serviceAccountName'] = spec['serviceAccount'];
  }
  objectsIn(spec['volumes']).forEach(setVolumeDefaults);
  eachContainer(spec, setContainerDefaults);
}

function eachContainer(spec: JsonObject, visit: (container: JsonObject) => void): void {
  objectsIn(spec['initContainers']).forEach(visit);
  objectsIn(spec['containers']).forEach(visit);
}

export function objectsIn(list: Json | undefined): JsonObject[] {
  return Array.isArray(list) ? list.filter((item) => isObject(item)) : [];
}

function setContainerDefaults(container: JsonObject): void {
  container['resources'] ??= {};
  canonicalQuantities(container['resources'], ['limits', 'requests']);
  container['terminationMessagePath'] ??= '/dev/termination-log';
  container['terminationMessagePolicy'] ??= 'File';
  container['imagePullPolicy'] ??= hasFixedTag(container['image']) ? 'IfNotPresent' : 'Always';
  for (const port of objectsIn(container['ports'])) {
    port['protocol'] ??= 'TCP';
  }
  objectsIn(container['env']).forEach(setEnvDefaults);
  ['livenessProbe', 'readinessProbe', 'startupProbe'].forEach((name) => setProbeDefaults(container[name]));
}

function setEnvDefaults({ valueFrom }: JsonObject): void {
  if (isObject(valueFrom) && isObject(valueFrom['fieldRef'])) {
    valueFrom['fieldRef']['apiVersion'] ??= 'v1';
  }
}

/** Without a tag, or with `latest`, an image may be another one tomorrow. */
function hasFixedTag(image: Json | undefined): boolean {
  if (typeof image !== 'string' || image === '' || image.includes('@')) {
    return true;
  }
  const last = image.slice(image.lastIndexOf('/') + 1);
  const tag = last.includes(':') ? last.slice(last.indexOf(':') + 1) : 'latest';
  return tag !== 'latest';
}

function setProbeDefaults(probe: Json | undefined): void {
  if (!isObject(probe)) {
    return;
  }
  probe['timeoutSeconds'] ??= 1;
  probe['periodSeconds'] ??= 10;
  probe['successThreshold'] ??= 1;
  probe['failureThreshold'] ??= 3;
  if (isObject(probe['httpGet'])) {
    probe['httpGet']['path'] ??= '/';
    probe['httpGet']['scheme'] ??= 'HTTP';
  }
  if (isObject(probe['grpc'])) {
    probe['grpc']['service'] ??= '';
  }
}

/** 0644 */
const FILE_MODE = 0o644;

function setVolumeDefaults(volume: JsonObject): void {
  const sources = Object.keys(volume).filter((key) => key !== 'name');
  if (sources.length === 0) {
    volume['emptyDir'] = {};
  }
  for (const source of ['configMap', 'secret', 'downwardAPI', 'projected']) {
    const given = volume[source];
    if (isObject(given)) {
      given['defaultMode'] ??= FILE_MODE;
      // Fields of the pod that become files.
      objectsIn(given['items']).forEach((item) => setEnvDefaults({ valueFrom: item }));
    }
  }
  if (isObject(volume['hostPath'])) {
    volume['hostPath']['type'] ??= '';
  }
}

function useHostPort(port: JsonObject): void {
  port['hostPort'] ??= port['containerPort'];
}

/** A limit without a request is a request of the same size. */
function requestWhatIsLimited({ resources }: JsonObject): void {
  if (isObject(resources) && isObject(resources['limits'])) {
    const requests = isObject(resources['requests']) ? resources['requests'] : {};
    resources['requests'] = { ...resources['limits'], ...requests };
  }
}
