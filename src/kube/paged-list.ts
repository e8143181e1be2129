import type { KubeObject, ResourceType } from '../api/kube-object.ts';
import type { KubeClient, ListOptions, ObjectList } from './client.ts';
import { trim } from './trim.ts';

/** As kubectl and client-go ask: a page parses in a few milliseconds. */
const PAGE_SIZE = 500;

/**
 * Everything that the options select, page by page; between pages whatever else is ready may run.
 * @throws ApiError; `Expired` when the pages took so long that the server has forgotten the first: start again
 */
export async function listInPages<T extends KubeObject>(
  client: KubeClient,
  type: ResourceType<T>,
  options: ListOptions,
): Promise<ObjectList<T>> {
  let page = await client.list(type, { ...options, limit: PAGE_SIZE });
  const items = page.items.map(trim);
  while (page.continueToken !== undefined) {
    await new Promise((resolve) => setImmediate(resolve));
    page = await client.list(type, { ...options, limit: PAGE_SIZE, continueToken: page.continueToken });
    for (const item of page.items) {
      items.push(trim(item));
    }
  }
  return { items, resourceVersion: page.resourceVersion };
}
