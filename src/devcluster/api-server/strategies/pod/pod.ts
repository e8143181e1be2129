import { isObject } from '../../schema/json.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { subdomainErrors } from '../../metadata/names.ts';
import { metaString } from '../../storage/record.ts';
import { metadataFields, plainStrategy, type Strategy } from '../strategy.ts';
import { admitPod, setTolerations } from './admission.ts';
import { setPodDefaults } from './defaults.ts';
import { setPodStatusDefaults } from './status-defaults.ts';
import { qualityOfService } from './quality-of-service.ts';
import { validatePodUpdate } from './validate-update.ts';
import { validatePod } from './validate.ts';

const HOSTNAME_WARNING =
  "this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended";
const DEFAULT_GRACE_SECONDS = 30;

export const podStrategy: Strategy = {
  ...plainStrategy,
  counted: true,
  returnsDeleted: true,
  fields: (pod) => {
    const spec = part(pod, 'spec');
    const status = part(pod, 'status');
    return {
      ...metadataFields(pod),
      'spec.nodeName': text(spec['nodeName']),
      'spec.restartPolicy': text(spec['restartPolicy']),
      'spec.schedulerName': text(spec['schedulerName']),
      'spec.serviceAccountName': text(spec['serviceAccountName']),
      'spec.hostNetwork': String(spec['hostNetwork'] === true),
      'status.phase': text(status['phase']),
      'status.podIP': text(status['podIP']),
      'status.nominatedNodeName': text(status['nominatedNodeName']),
    };
  },
  defaults: (pod) => {
    setPodDefaults(pod);
    setPodStatusDefaults(pod);
  },
  warnings: (pod) =>
    (metaString(pod, 'name') ?? '').includes('.') &&
    subdomainErrors(metaString(pod, 'name') ?? '').length === 0
      ? [`metadata.name: ${HOSTNAME_WARNING}: [must not contain dots]`]
      : [],
  admit: admitPod,
  prepareForCreate: (pod) => {
    pod['status'] = { phase: 'Pending', qosClass: qualityOfService(part(pod, 'spec')) };
  },
  prepareForUpdate: (pod, live) => {
    if (isObject(pod['spec'])) {
      setTolerations(pod['spec']);
    }
    const qosClass = part(live, 'status')['qosClass'];
    if (isObject(pod['status']) && qosClass !== undefined) {
      pod['status']['qosClass'] = qosClass;
    }
  },
  validate: validatePod,
  validateUpdate: validatePodUpdate,
  graceSeconds: (pod, asked) => {
    const spec = part(pod, 'spec');
    const phase = part(pod, 'status')['phase'];
    const own = spec['terminationGracePeriodSeconds'];
    const wanted = asked ?? (typeof own === 'number' ? own : DEFAULT_GRACE_SECONDS);
    // Nobody has to be told: it runs nowhere, or has ended.
    const isIdle = text(spec['nodeName']) === '' || phase === 'Failed' || phase === 'Succeeded';
    return isIdle ? 0 : wanted < 0 ? 1 : wanted;
  },
};

function part(pod: JsonObject, field: 'spec' | 'status'): JsonObject {
  const value = pod[field];
  return isObject(value) ? value : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
