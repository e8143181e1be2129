import type { Immutable } from '../../../api/kube-object.ts';
import type { SchedulingSpec } from './scheduling-spec.ts';

/** A port of the node that a container takes for itself. */
export interface HostPort {
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

const ANY_ADDRESS = '0.0.0.0';

/** The host ports of the pod's containers and sidecars. */
export function hostPorts(spec: Immutable<SchedulingSpec>): readonly HostPort[] {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const containers: readonly Immutable<SchedulingSpec>['containers'][number][] = [
    ...spec.containers,
    ...sidecars,
  ];
  return containers.flatMap(({ ports = [] }) =>
    ports
      .filter(({ hostPort = 0 }) => hostPort > 0)
      .map(({ hostPort = 0, hostIP = '', protocol = 'TCP' }) => ({
        ip: hostIP === '' ? ANY_ADDRESS : hostIP,
        protocol,
        port: hostPort,
      })),
  );
}

/** Two ports conflict on the same address, or when either is taken on all addresses. */
export function conflicts(a: HostPort, b: HostPort): boolean {
  return (
    a.port === b.port &&
    a.protocol === b.protocol &&
    (a.ip === b.ip || a.ip === ANY_ADDRESS || b.ip === ANY_ADDRESS)
  );
}
