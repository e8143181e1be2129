import { startApiServer } from '../../../src/devcluster/api-server/api-server.ts';
import { startClusterControllers } from '../../../src/devcluster/cluster-controllers/cluster-controllers.ts';
import { fixedConnection } from '../../../src/kube/connection.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { describeClusterControllers } from './scenarios.ts';

describeClusterControllers('the cluster controllers on the embedded API server', async () => {
  const server = await startApiServer();
  const connection = fixedConnection(server.url, {
    tls: { ca: server.certificate },
    headers: { Authorization: `Bearer ${server.token}` },
  });
  const nodeMonitorGraceSeconds = 2;
  const controllers = await startClusterControllers({
    connection,
    log: silentLogger,
    nodeMonitorGraceSeconds,
  });
  return {
    connection,
    polls: false,
    restartApiServer: () => server.restart(200),
    async stop() {
      await controllers.stop();
      await server.stop();
    },
  };
});
