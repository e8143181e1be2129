import type { Connection } from '../kube/connection.ts';
import { KubeconfigError, loadConnection } from '../kube/kubeconfig.ts';
import { ExitError } from './exit-error.ts';

/**
 * The connection that the flags name.
 * @throws ExitError of code 2 that says what is wrong with the kubeconfig
 */
export async function connect(settings: { kubeconfig?: string; context?: string }): Promise<Connection> {
  const { kubeconfig, context } = settings;
  try {
    return await loadConnection({
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
      ...(context === undefined ? {} : { context }),
    });
  } catch (error) {
    if (error instanceof KubeconfigError) {
      throw new ExitError(error.message, 2, { cause: error });
    }
    throw error;
  }
}
