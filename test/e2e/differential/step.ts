import type { Json } from '../../../src/devcluster/api-server/schema/schema.ts';
import type { Answers } from './references.ts';

/** A sequence of requests in a namespace of its own, `$ns`. Both servers get it; all answers are compared. */
export interface Case {
  /** Unique; the namespace is named after it. */
  readonly name: string;
  readonly steps: readonly Step[];
}

export type Step = RequestStep | UntilStep | WatchStep | KubectlStep;

/** Sent as JSON; a string as it is; a function makes it of earlier answers. */
export type Body = Json | ((answers: Answers) => Json) | undefined;

export interface RequestStep extends Options {
  readonly kind: 'request';
  readonly method: string;
  /** `pods/a?x=y` in the case's namespace (see paths.ts), or absolute. */
  readonly path: string;
  readonly body?: Body;
}

/** Repeats a GET until the answer is as wanted, at most 20 s; only the last answer is compared. */
export interface UntilStep extends Options {
  readonly kind: 'until';
  readonly path: string;
  readonly wanted: (status: number, body: Json) => boolean;
}

/** Opens a watch, does the steps, and collects events until the end that is stated, at most 10 s. */
export interface WatchStep extends Options {
  readonly kind: 'watch';
  readonly path: string;
  /** A number of events; the bookmark that ends the initial events; or the end of the answer. */
  readonly until: number | 'initial events end' | 'end';
  readonly during: readonly Step[];
}

/** Runs kubectl in the case's namespace; output and exit status are compared. */
export interface KubectlStep extends Options {
  readonly kind: 'kubectl';
  readonly args: readonly string[];
  readonly input?: Json;
}

export interface Options {
  /** Later steps refer to the answer's body by this name: `$made.metadata.uid`. */
  readonly as?: string;
  /** `null` leaves out a header that is otherwise sent. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** Reduces the body to what is compared. */
  readonly pick?: (body: Json) => Json;
}

export function get(path: string, options: Options = {}): RequestStep {
  return { kind: 'request', method: 'GET', path, ...options };
}

export function post(path: string, body: Body, options: Options = {}): RequestStep {
  return { kind: 'request', method: 'POST', path, body, ...options };
}

export function put(path: string, body: Body, options: Options = {}): RequestStep {
  return { kind: 'request', method: 'PUT', path, body, ...options };
}

export function remove(path: string, body?: Body, options: Options = {}): RequestStep {
  return { kind: 'request', method: 'DELETE', path, body, ...options };
}

export function request(method: string, path: string, body?: Body, options: Options = {}): RequestStep {
  return { kind: 'request', method, path, body, ...options };
}

/** The content types of PATCH. */
const patchTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

function patch(type: keyof typeof patchTypes) {
  return (path: string, body: Body, options: Options = {}): RequestStep => ({
    kind: 'request',
    method: 'PATCH',
    path,
    body,
    ...options,
    headers: { 'content-type': patchTypes[type], ...options.headers },
  });
}

export const jsonPatch = patch('json');
export const mergePatch = patch('merge');
export const strategicPatch = patch('strategic');
/** The query must name a `fieldManager`. */
export const apply = patch('apply');

export function until(path: string, wanted: UntilStep['wanted'], options: Options = {}): UntilStep {
  return { kind: 'until', path, wanted, ...options };
}

/** Until the object is no more. */
export function gone(path: string): UntilStep {
  return until(path, (status) => status === 404);
}

export function watch(
  path: string,
  end: WatchStep['until'],
  during: readonly Step[] = [],
  options: Options = {},
): WatchStep {
  return { kind: 'watch', path, until: end, during, ...options };
}

/** Arguments as one would type them: split at spaces, quotes not interpreted. */
export function kubectl(line: string, input?: Json, options: Options = {}): KubectlStep {
  return { kind: 'kubectl', args: line.split(' '), ...(input === undefined ? {} : { input }), ...options };
}

/** `Accept` headers of the representations that the API machinery knows besides plain JSON. */
export const accept = {
  table: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
  partial: { accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io' },
  partialList: { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' },
} as const;
