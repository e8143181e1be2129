import assert from 'node:assert/strict';
import { podSecurityViolations, type Container, type PodSpec } from './pod-security.ts';

const container: Container = {
  name: 'c',
  image: 'i',
  args: [],
  ports: [],
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
};
const pod: PodSpec = {
  containers: [container],
  volumes: [{ name: 'tmp', emptyDir: {} }],
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
};
const withContext = (context: Container['securityContext']): PodSpec => ({
  ...pod,
  containers: [{ ...container, securityContext: { ...container.securityContext, ...context } }],
});

describe('the restricted Pod Security Standard', () => {
  const table: { name: string; pod: PodSpec; violations: string[] }[] = [
    { name: 'a pod that keeps it', pod, violations: [] },
    { name: 'the host’s network', pod: { ...pod, hostNetwork: true }, violations: ['hostNetwork is true'] },
    {
      name: 'a folder of the host',
      pod: { ...pod, volumes: [{ name: 'x', hostPath: {} }] },
      violations: ['a volume is of type hostPath'],
    },
    {
      name: 'nothing said',
      pod: { containers: [{ name: 'c', image: 'i', args: [], ports: [] }] },
      violations: [
        'container c may escalate privileges',
        'container c may run as root',
        'container c keeps capabilities',
        'container c has no seccomp profile',
      ],
    },
    { name: 'privileged', pod: withContext({ privileged: true }), violations: ['container c is privileged'] },
    { name: 'root by number', pod: withContext({ runAsUser: 0 }), violations: ['container c runs as root'] },
    {
      name: 'unconfined in the container, whatever the pod says',
      pod: withContext({ seccompProfile: { type: 'Unconfined' } }),
      violations: ['container c has no seccomp profile'],
    },
    {
      name: 'a capability',
      pod: withContext({ capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE', 'SYS_ADMIN'] } }),
      violations: ['container c adds capabilities'],
    },
    {
      name: 'a port of the host',
      pod: { ...pod, containers: [{ ...container, ports: [{ name: 'p', containerPort: 1, hostPort: 1 }] }] },
      violations: ['container c takes a port of the host'],
    },
  ];
  for (const { name, pod: given, violations } of table) {
    it(name, () => assert.deepEqual(podSecurityViolations(given), violations));
  }
});
