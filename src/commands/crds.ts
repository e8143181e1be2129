import { Command } from 'commander';
import { crdYaml } from '../api/crds.ts';

/** `headframe crds`: the CustomResourceDefinitions on standard output, for `kubectl apply -f -`. */
export function crdsCommand(): Command {
  return new Command('crds')
    .description('print the CustomResourceDefinitions: headframe crds | kubectl apply -f -')
    .action(() => {
      process.stdout.write(crdYaml());
    });
}
