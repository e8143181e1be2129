import { request } from 'node:https';
import { Agent } from 'node:https';
import type { KubeObject, ResourceType } from '../../src/api/kube-object.ts';
import { Pods } from '../../src/api/builtin.ts';
import { MinerPools } from '../../src/api/miner-pool.ts';
import { PODS_IN_FLIGHT } from '../../src/commands/operator-parts.ts';
import type { Connection } from '../../src/kube/connection.ts';
import { resourcePath } from '../../src/kube/path.ts';
import {
  type Owner,
  poolManifest,
  rawPodManifest,
  replicaSetManifest,
  ReplicaSets,
} from '../generator/owners.ts';
import { inParallel } from '../world/in-parallel.ts';
import type { World } from '../world/world.ts';

/** Somebody who makes the pods of a race. */
export interface Contender {
  readonly name: 'pool' | 'replicaSet' | 'raw';
  /** What it writes besides pods, to be deleted afterwards. */
  readonly owners: ResourceType<KubeObject>;
  /** Says what is wanted; resolves when that is said. For bare POSTs, when all is done. */
  begin(world: World, owners: readonly Owner[]): Promise<void>;
}

/** As many as a pool that writes alone has requests under way. */
const CONNECTIONS = PODS_IN_FLIGHT.alone;

export const pool: Contender = {
  name: 'pool',
  owners: MinerPools,
  begin: ({ client }, owners) =>
    inParallel(owners, CONNECTIONS, (owner) => client.create(MinerPools, poolManifest(owner))),
};

export const replicaSet: Contender = {
  name: 'replicaSet',
  owners: ReplicaSets,
  begin: ({ client }, owners) =>
    inParallel(owners, CONNECTIONS, (owner) => client.create(ReplicaSets, replicaSetManifest(owner))),
};

/** The ceiling: nothing but POSTs, bodies made beforehand. */
export const raw: Contender = {
  name: 'raw',
  owners: Pods,
  async begin({ connection }, owners) {
    const posts = owners.flatMap((owner) =>
      Array.from({ length: owner.replicas }, (_, ordinal) => ({
        path: resourcePath(Pods, { namespace: owner.namespace }),
        body: JSON.stringify(rawPodManifest(owner, ordinal)),
      })),
    );
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, ...connection.tls });
    const headers = await connection.headers();
    try {
      await inParallel(posts, CONNECTIONS, (item) => post(connection, agent, headers, item));
    } finally {
      agent.destroy();
    }
  },
};

function post(
  { server }: Connection,
  agent: Agent,
  headers: Readonly<Record<string, string>>,
  { path, body }: { path: string; body: string },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = {
      agent,
      hostname: server.hostname,
      port: server.port,
      method: 'POST',
      path,
      headers: {
        ...headers,
        'Content-Type': 'application/json',
        'Content-Length': String(Buffer.byteLength(body)),
      },
    };
    const sent = request(options, (answer) => {
      answer.resume();
      answer.on('error', reject);
      answer.on('end', () =>
        answer.statusCode === 201
          ? resolve()
          : reject(new Error(`a POST of a pod was answered ${answer.statusCode ?? 0}`)),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
