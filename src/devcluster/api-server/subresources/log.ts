import { textOf } from '../json-text.ts';
import { request as httpsRequest } from 'node:https';
import type { ServerResponse } from 'node:http';
import { invalid, badRequest, notFound, StatusError } from '../status.ts';
import type { FieldError } from '../field-error.ts';
import { invalidValue } from '../field-errors.ts';
import { isObject } from '../schema/json.ts';
import type { JsonObject } from '../schema/schema.ts';
import { objectsIn } from '../strategies/pod/defaults.ts';
import { keyOf } from '../verbs/api-request.ts';
import type { SubresourceContext, SubresourceRequest } from './subresources.ts';

/** What the node is asked in the same words. */
const PASSED_ON = [
  'follow',
  'previous',
  'sinceSeconds',
  'sinceTime',
  'timestamps',
  'tailLines',
  'limitBytes',
] as const;

/** GET pods/NAME/log: passes on what the agent of the pod's node sends, for as long as it sends. */
export async function podLog(
  context: SubresourceContext,
  { served, namespace, name = '', query, response }: SubresourceRequest,
): Promise<'answered'> {
  const live = served.collection.get(keyOf(namespace, name));
  if (live === undefined) {
    throw notFound(served.resource, name);
  }
  checkOptions(query, name);
  const container = containerOf(live.object, name, query.get('container') ?? '');
  const node = isObject(live.object['spec']) ? live.object['spec']['nodeName'] : undefined;
  if (typeof node !== 'string' || node === '') {
    response.writeHead(204).end();
    return 'answered';
  }
  const address = kubeletAddress(context, node);
  const passed = new URLSearchParams();
  for (const option of PASSED_ON) {
    query.getAll(option).forEach((value) => passed.append(option, value));
  }
  const path = ['containerLogs', namespace ?? '', name, container].map(encodeURIComponent).join('/');
  await forward(context, new URL(`https://${address}/${path}?${passed.toString()}`), response);
  return 'answered';
}

function checkOptions(query: URLSearchParams, name: string): void {
  const limits = { tailLines: 0, limitBytes: 1, sinceSeconds: 1 };
  const errors: FieldError[] = Object.entries(limits).flatMap(([option, min]) => {
    const text = query.get(option) ?? String(min);
    if (!/^[+-]?\d+$/.test(text)) {
      throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
    }
    const value = Number(text);
    const rule = min === 0 ? 'must be greater than or equal to 0' : 'must be greater than 0';
    return value < min ? [invalidValue(option, value, rule)] : [];
  });
  if (query.has('sinceTime') && query.has('sinceSeconds')) {
    const detail = 'at most one of `sinceTime` or `sinceSeconds` may be specified';
    errors.push({ reason: 'FieldValueForbidden', field: '[]', detail });
  }
  if (errors.length > 0) {
    throw invalid({ group: '', kind: 'PodLogOptions' }, name, errors);
  }
}

function containerOf(pod: JsonObject, name: string, asked: string): string {
  const spec = isObject(pod['spec']) ? pod['spec'] : {};
  const names = objectsIn(spec['containers']).map((container) => textOf(container['name']));
  const initNames = objectsIn(spec['initContainers']).map((container) => textOf(container['name']));
  if (asked === '') {
    const [only = '', ...more] = names;
    if (more.length > 0) {
      const init = initNames.length === 0 ? '' : ` or one of the init containers: [${initNames.join(' ')}]`;
      throw badRequest(
        `a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]${init}`,
      );
    }
    return only;
  }
  if (!names.includes(asked) && !initNames.includes(asked)) {
    throw badRequest(`container ${asked} is not valid for pod ${name}`);
  }
  return asked;
}

/** Where the node's agent listens: its InternalIP, at the port that it reports. */
function kubeletAddress({ store }: SubresourceContext, nodeName: string): string {
  const status = store.collection('nodes').get(nodeName)?.object['status'];
  if (!isObject(status)) {
    // Upstream speaks of the node as a pod here.
    throw notFound({ group: '', plural: 'pods' }, nodeName);
  }
  const address = objectsIn(status['addresses']).find(({ type }) => type === 'InternalIP')?.['address'];
  const endpoints = isObject(status['daemonEndpoints']) ? status['daemonEndpoints'] : {};
  const kubelet = isObject(endpoints['kubeletEndpoint']) ? endpoints['kubeletEndpoint'] : {};
  const port = kubelet['Port'];
  if (typeof address !== 'string' || typeof port !== 'number') {
    throw new StatusError(500, '', `no preferred addresses found; known addresses: []`);
  }
  return `${address}:${port}`;
}

/** The agent shows a certificate of its own making, as kubelets do. */
function forward({ kubeletClient }: SubresourceContext, url: URL, response: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = httpsRequest(url, {
      cert: kubeletClient.certificate,
      key: kubeletClient.key,
      rejectUnauthorized: false,
      agent: false,
    });
    // Whoever stops following ends the agent's part as well.
    response.once('close', () => outgoing.destroy());
    outgoing.once('error', (error) => {
      if (response.headersSent || response.destroyed) {
        response.destroy();
        resolve();
      } else {
        reject(new StatusError(500, '', `Get ${JSON.stringify(url.href)}: ${error.message}`));
      }
    });
    outgoing.once('response', (answer) => {
      if (answer.statusCode === 200) {
        response.writeHead(200, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-cache, private' });
        response.flushHeaders();
        answer.pipe(response);
        answer.once('close', () => {
          response.end();
          resolve();
        });
        return;
      }
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => (text += chunk));
      answer.once('end', () => reject(refusedByNode(answer.statusCode ?? 500, text.trimEnd())));
    });
    outgoing.end();
  });
}

function refusedByNode(code: number, text: string): StatusError {
  switch (code) {
    case 400:
      return badRequest(text);
    case 404:
      return new StatusError(404, 'NotFound', `the server could not find the requested resource (${text})`);
    default:
      return new StatusError(500, 'InternalError', `Internal error occurred: ${text}`);
  }
}
