import { startClusterControllers } from '../../src/devcluster/cluster-controllers/cluster-controllers.ts';
import { ensureAssets } from '../../src/devcluster/control-plane/assets.ts';
import { startControlPlane, type ControlPlane } from '../../src/devcluster/control-plane/control-plane.ts';
import { loadConnection } from '../../src/kube/kubeconfig.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import {
  describeClusterControllers,
  type ControlledCluster,
} from '../devcluster/cluster-controllers/scenarios.ts';

/** Short, so that the lost are lost within the test. */
const nodeMonitorGraceSeconds = 4;
/** No controller manager makes the account that this admission plugin wants for each pod. */
const apiServerFlags = ['--disable-admission-plugins=ServiceAccount'];

function controlled(
  controlPlane: ControlPlane,
  own: Pick<ControlledCluster, 'connection' | 'polls'>,
  stopControllers = (): Promise<void> => Promise.resolve(),
): ControlledCluster {
  return {
    ...own,
    restartApiServer: () => controlPlane.restartApiServer(500),
    async stop() {
      await stopControllers();
      await controlPlane.stop();
    },
  };
}

describeClusterControllers('the controllers of Kubernetes itself', async () => {
  const controlPlane = await startControlPlane({
    assets: await ensureAssets(),
    nodeMonitorGraceSeconds,
    apiServerFlags,
  });
  const connection = await loadConnection({ kubeconfig: controlPlane.kubeconfig });
  return controlled(controlPlane, { connection, polls: true });
});

describeClusterControllers('the cluster controllers on kube-apiserver', async () => {
  const controlPlane = await startControlPlane({
    assets: await ensureAssets(),
    apiServerFlags,
    components: ['etcd', 'kube-apiserver'],
  });
  const connection = await loadConnection({ kubeconfig: controlPlane.kubeconfig });
  const options = { connection, log: silentLogger, nodeMonitorGraceSeconds };
  const controllers = await startClusterControllers(options);
  return controlled(controlPlane, { connection, polls: false }, () => controllers.stop());
});
