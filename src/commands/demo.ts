import { Command, InvalidArgumentError, Option } from 'commander';
import type { DemoSettings } from './demo/run.ts';

/** `headframe demo`: the whole thing on this machine. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('run a cluster with simulated GPUs, the operator and the samples on this machine')
    .addOption(
      new Option(
        '--control-plane <kind>',
        'embedded: an API server inside this program; real: kube-apiserver and its friends, built once with Go',
      )
        .choices(['embedded', 'real'])
        .default('embedded'),
    )
    .addOption(
      new Option(
        '--kubeconfig <file>',
        'use the cluster of this file, which must not have Headframe; what the demo brings is removed at the end',
      ).conflicts('controlPlane'),
    )
    .option('--context <name>', 'with --kubeconfig: the context; default: its current-context')
    .option('--check', 'wait until all is healthy, print one line of JSON, stop everything', false)
    .addOption(
      new Option(
        '--timeout-seconds <n>',
        'with --check: how long to wait, from when the control plane is built',
      )
        .argParser(timeoutSeconds)
        .default(120),
    )
    .action(async (settings: DemoSettings) => {
      // A cluster in this program is much code, which nothing but the demo should have to load.
      const { runDemo } = await import('./demo/run.ts');
      await runDemo(settings);
    });
}

function timeoutSeconds(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) {
    throw new InvalidArgumentError(`'${text}' must be a whole number of seconds from 1 to 99999.`);
  }
  return Number(text);
}
