import { customResourceDefinitions, kinds } from '../../api/crds.ts';
import type { KubeObject, ResourceType } from '../../api/kube-object.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isNotFound } from '../../kube/errors.ts';
import { type Clock, sleep } from '../../time/clock.ts';
import { deleteIfThere } from './delete-if-there.ts';

const CustomResourceDefinitions: ResourceType<KubeObject> = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

/** The names of those of our CustomResourceDefinitions that the server has. */
export async function installedCrds(client: KubeClient): Promise<string[]> {
  const ours = new Set(customResourceDefinitions().map(({ metadata }) => metadata.name));
  const { items } = await client.list(CustomResourceDefinitions);
  return items.map(({ metadata }) => metadata.name).filter((name) => ours.has(name));
}

/** Removes our CustomResourceDefinitions, and with them every object of our kinds. */
export async function removeCrds(client: KubeClient): Promise<void> {
  for (const { metadata } of customResourceDefinitions()) {
    await deleteIfThere(client, CustomResourceDefinitions, { name: metadata.name });
  }
}

/** How often a kind is asked for whose definition has just been applied, and for how long, in milliseconds. */
const SERVED_EVERY_MS = 100;
const SERVED_WITHIN_MS = 30_000;

/**
 * Installs our CustomResourceDefinitions and waits until the server serves the kinds.
 * @throws Error when it does not within 30 s
 */
export async function installCrds(client: KubeClient, clock: Clock): Promise<void> {
  for (const definition of customResourceDefinitions()) {
    await client.apply(CustomResourceDefinitions, definition, {
      force: true,
    });
  }
  const deadline = clock.monotonic() + SERVED_WITHIN_MS;
  for (const { type } of kinds) {
    while (!(await isServed(client, type))) {
      if (clock.monotonic() > deadline) {
        throw new Error(`the API server does not serve ${type.plural} although its definition was applied`);
      }
      await sleep(clock, SERVED_EVERY_MS);
    }
  }
}

async function isServed(client: KubeClient, type: ResourceType<KubeObject>): Promise<boolean> {
  try {
    await client.list(type, { limit: 1 });
    return true;
  } catch (error) {
    if (isNotFound(error)) {
      return false;
    }
    throw error;
  }
}
