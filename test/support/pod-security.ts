/** The part of a container that the Pod Security Standards and the tests of the chart look at. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly ports: readonly {
    readonly name: string;
    readonly containerPort: number;
    readonly hostPort?: number;
  }[];
  readonly securityContext?: {
    readonly allowPrivilegeEscalation?: boolean;
    readonly readOnlyRootFilesystem?: boolean;
    readonly privileged?: boolean;
    readonly runAsNonRoot?: boolean;
    readonly runAsUser?: number;
    readonly seccompProfile?: { readonly type: string };
    readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
  };
}

/** The same of a pod. */
export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Readonly<Record<string, unknown>>[];
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly securityContext?: {
    readonly runAsNonRoot?: boolean;
    readonly runAsUser?: number;
    readonly seccompProfile?: { readonly type: string };
  };
}

/** kubernetes.io/docs/concepts/security/pod-security-standards: the volume types that "restricted" allows. */
const volumeTypes = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

/** What in the pod breaks the "restricted" standard, a sentence each. The e2e suite asks a real API server the same. */
export function podSecurityViolations(pod: PodSpec): string[] {
  const host = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => pod[field] === true);
  const volumes = (pod.volumes ?? []).flatMap((volume) =>
    Object.keys(volume).filter((type) => type !== 'name' && !volumeTypes.includes(type)),
  );
  const containers = [...pod.containers, ...(pod.initContainers ?? [])];
  return [
    ...host.map((field) => `${field} is true`),
    ...volumes.map((type) => `a volume is of type ${type}`),
    ...containers.flatMap((container) => containerViolations(container, pod.securityContext ?? {})),
  ];
}

function containerViolations(
  { name, ports, securityContext: own = {} }: Container,
  pod: NonNullable<PodSpec['securityContext']>,
): string[] {
  const rules: readonly [broken: boolean, message: string][] = [
    [own.privileged === true, 'is privileged'],
    [own.allowPrivilegeEscalation !== false, 'may escalate privileges'],
    [(own.runAsNonRoot ?? pod.runAsNonRoot) !== true, 'may run as root'],
    [(own.runAsUser ?? pod.runAsUser) === 0, 'runs as root'],
    [own.capabilities?.drop?.includes('ALL') !== true, 'keeps capabilities'],
    [(own.capabilities?.add ?? []).some((added) => added !== 'NET_BIND_SERVICE'), 'adds capabilities'],
    [!isConfined(own.seccompProfile ?? pod.seccompProfile), 'has no seccomp profile'],
    [ports.some(({ hostPort = 0 }) => hostPort !== 0), 'takes a port of the host'],
  ];
  return rules.filter(([broken]) => broken).map(([, message]) => `container ${name} ${message}`);
}

function isConfined(profile: { readonly type: string } | undefined): boolean {
  return profile?.type === 'RuntimeDefault' || profile?.type === 'Localhost';
}
