import type { Container, Pod, PodSpec, Volume } from '../../api/builtin.ts';
import { annotations } from '../../api/group.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { MinerIdentity, MinerOrigin } from './stake.ts';

/** The volume, and where every container finds it: names that users may rely on. */
const VOLUME = 'headframe-identity';
const PATH = '/etc/headframe/identity';

/** Files, and the annotation of the pod that each has the value of. */
const files = {
  'miner-id': annotations.minerId,
  account: annotations.minerAccount,
  network: annotations.minerNetwork,
  'chain-id': annotations.minerChainId,
} as const;

/** What the files say. On the pod itself, so that it needs no other object, in whichever cluster it is. */
export function identityAnnotations(identity: MinerIdentity | undefined): Record<string, string> {
  return identity === undefined
    ? {}
    : {
        [annotations.minerId]: identity.minerId,
        [annotations.minerAccount]: identity.account,
        [annotations.minerNetwork]: identity.network,
        [annotations.minerChainId]: String(identity.chainId),
      };
}

/** Whether what the pod was told is so today. Pool and ordinal, which the id is made of besides, are the pod's own. */
export function isToldOf({ metadata }: Immutable<Pod>, origin: MinerOrigin): boolean {
  const told = metadata.annotations ?? {};
  return (
    told[annotations.minerId]?.startsWith(origin.minerTag) === true &&
    told[annotations.minerAccount] === origin.account &&
    told[annotations.minerNetwork] === origin.network &&
    told[annotations.minerChainId] === String(origin.chainId)
  );
}

/** The pod with the files in every container. A volume of the template with our name, and what it mounts there, is left alone. */
export function withIdentity(spec: PodSpec, identity: MinerIdentity | undefined): PodSpec {
  if (identity === undefined || spec.volumes?.some(({ name }) => name === VOLUME) === true) {
    return spec;
  }
  return {
    ...spec,
    volumes: [...(spec.volumes ?? []), volume],
    containers: spec.containers.map(withMount),
    ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(withMount) }),
  };
}

const volume: Volume = {
  name: VOLUME,
  downwardAPI: {
    items: Object.entries(files).map(([path, annotation]) => ({
      path,
      fieldRef: { fieldPath: `metadata.annotations['${annotation}']` },
    })),
  },
};

function withMount(container: Container): Container {
  const mounts = container.volumeMounts ?? [];
  return mounts.some(({ mountPath }) => mountPath.replace(/\/+$/, '') === PATH)
    ? container
    : { ...container, volumeMounts: [...mounts, { name: VOLUME, mountPath: PATH, readOnly: true }] };
}
