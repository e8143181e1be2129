import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Component, startComponent } from '../../src/devcluster/control-plane/component.ts';
import type { ProcessGuard } from '../../src/devcluster/process/guard.ts';
import { systemClock } from '../../src/time/clock.ts';
import { KWOK_ANNOTATION } from '../generator/nodes.ts';

const STAGES = fileURLToPath(new URL('./kwok-stages.yaml', import.meta.url));

/** Starts KWOK: it plays the kubelet of every node that carries its annotation. */
export function startKwok(options: {
  readonly path: string;
  readonly kubeconfig: string;
  readonly folder: string;
  readonly guard: ProcessGuard;
  readonly niceness: number;
  readonly onEnd: (message: string) => void;
}): Component {
  const { path, kubeconfig, folder, guard, niceness, onEnd } = options;
  const [[key, value] = []] = Object.entries(KWOK_ANNOTATION);
  return startComponent({
    name: 'kwok',
    path,
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--config=${STAGES}`,
      `--manage-nodes-with-annotation-selector=${key}=${value}`,
      '--node-lease-duration-seconds=40',
      '--v=WARN',
    ],
    logFile: join(folder, 'kwok.log'),
    guard,
    clock: systemClock,
    niceness,
    onUnexpectedEnd: (component) =>
      void component.logTail().then((tail) => onEnd(`KWOK has ended (${component.ended}):\n${tail}`)),
  });
}
