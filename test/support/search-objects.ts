import type { Transport } from '../../src/kube/transport.ts';
import { searchForCanaries } from './canaries.ts';
import { untilPasses } from './until-passes.ts';

const PATIENCE_MS = 20_000;

interface GroupList {
  readonly groups: readonly { readonly versions: readonly { readonly groupVersion: string }[] }[];
}

interface ResourceList {
  readonly resources: readonly { readonly name: string; readonly verbs: readonly string[] }[];
}

/**
 * Searches all objects that an API server has, events and statuses included, for canaries; only Secrets may hold them.
 * @throws ApiError when the server does not answer; Error when it refuses
 */
export async function searchObjects(transport: Transport): Promise<void> {
  const { groups } = await read<GroupList>(transport, '/apis');
  const named = groups.flatMap(({ versions }) => versions.map(({ groupVersion }) => `/apis/${groupVersion}`));
  for (const path of ['/api/v1', ...named]) {
    const { resources } = await read<ResourceList>(transport, path);
    const listed = resources.filter(({ name, verbs }) => verbs.includes('list') && name !== 'secrets');
    for (const { name } of listed) {
      const list = await text(transport, `${path}/${name}`);
      searchForCanaries(`objects of ${path}/${name}`, list);
    }
  }
}

async function read<T>(transport: Transport, path: string): Promise<T> {
  return JSON.parse(await text(transport, path)) as T;
}

/** A server that has just begun asks for patience (429) until its caches are filled. */
function text(transport: Transport, path: string): Promise<string> {
  return untilPasses(async () => {
    const { status, body } = await transport.request({ method: 'GET', path });
    if (status !== 200) {
      throw new Error(`GET ${path} was answered with ${status}`);
    }
    return body;
  }, PATIENCE_MS);
}
