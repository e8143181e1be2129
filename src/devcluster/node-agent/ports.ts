import type { Container, PodSpec } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { freePorts } from '../process/free-port.ts';

/*
 * All pods share 127.0.0.1, so a container port of the spec cannot be had as it is. Each gets a free port of this machine:
 * the program listens on $PORT (the container's first port) or $HEADFRAME_PORT_<number>; probes, named ports and the pod's
 * annotation devcluster.headframe.dev/ports lead there.
 */

/** Tells people and scrapers where a pod's ports are: `{"8080":41235}`. */
export const PORTS_ANNOTATION = 'devcluster.headframe.dev/ports';

/** Container port of the spec to port of this machine. */
export type PortMap = ReadonlyMap<number, number>;

function containersOf(spec: Immutable<PodSpec>): Immutable<Container>[] {
  return [...(spec.initContainers ?? []), ...spec.containers];
}

export async function allocatePorts(spec: Immutable<PodSpec>): Promise<PortMap> {
  const wanted = new Set(
    containersOf(spec).flatMap(({ ports = [] }) => ports.map((port) => port.containerPort)),
  );
  const free = await freePorts(wanted.size);
  return new Map([...wanted].map((port, index) => [port, free[index] ?? port]));
}

/** The variables by which a container learns its ports. */
export function portEnv(container: Immutable<Container>, ports: PortMap): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [containerPort, port] of ports) {
    env[`HEADFRAME_PORT_${containerPort}`] = String(port);
  }
  const first = container.ports?.[0];
  if (first !== undefined) {
    env['PORT'] = String(ports.get(first.containerPort) ?? first.containerPort);
  }
  return env;
}

/** Where a probe's port, a number or a name, is on this machine; undefined for an unknown name. A number nobody declared is taken as it is. */
export function resolvePort(
  port: number | string,
  container: Immutable<Container>,
  ports: PortMap,
): number | undefined {
  const numeric = typeof port === 'number' ? port : Number(port);
  const number = Number.isInteger(numeric)
    ? numeric
    : container.ports?.find(({ name }) => name === port)?.containerPort;
  return number === undefined ? undefined : (ports.get(number) ?? number);
}
