import { Environment } from '@marcbachmann/cel-js';
import { registerLists } from './list-functions.ts';
import { registerQuantities } from './quantity-functions.ts';
import { registerNetwork } from './network-functions.ts';
import { registerStrings } from './string-functions.ts';

/** CEL as CustomResourceDefinitions have it: the standard functions, and those that Kubernetes adds. */
export function kubernetesEnvironment(): Environment {
  const environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false });
  registerQuantities(environment);
  registerLists(environment);
  registerStrings(environment);
  registerNetwork(environment);
  return environment;
}
