import assert from 'node:assert/strict';
import { allocatePorts, portEnv, resolvePort } from '../../../src/devcluster/node-agent/ports.ts';
import { container } from './pod-objects.ts';

const two = container({ ports: [{ name: 'metrics', containerPort: 8080 }, { containerPort: 9090 }] });

describe('ports', () => {
  it('gives every container port one of this machine, none twice', async () => {
    const sidecar = container({ name: 'b', ports: [{ containerPort: 7070 }] });
    const ports = await allocatePorts({ containers: [two], initContainers: [sidecar] });

    assert.deepEqual([...ports.keys()].sort(), [7070, 8080, 9090]);
    assert.equal(new Set(ports.values()).size, 3);
  });

  it('tells the container where to listen', () => {
    const ports = new Map([
      [8080, 41_000],
      [9090, 41_001],
    ]);

    assert.deepEqual(portEnv(two, ports), {
      PORT: '41000',
      HEADFRAME_PORT_8080: '41000',
      HEADFRAME_PORT_9090: '41001',
    });
    assert.deepEqual(portEnv(container(), new Map()), {});
  });

  const cases: [number | string, number | undefined][] = [
    [8080, 41_000],
    ['metrics', 41_000],
    ['9090', 9090],
    [5000, 5000],
    ['nobody', undefined],
  ];
  for (const [port, expected] of cases) {
    it(`leads the probe port ${port} to ${expected ?? 'nowhere'}`, () => {
      assert.equal(resolvePort(port, two, new Map([[8080, 41_000]])), expected);
    });
  }
});
