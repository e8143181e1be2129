import { groupVersionOf, type Resource } from '../resources/resource.ts';
import { badRequest, StatusError } from '../status.ts';

/** In which form an answer is wanted. */
export type Representation =
  | { readonly kind: 'object' }
  | { readonly kind: 'table'; readonly includeObject: 'Metadata' | 'Object' | 'None' }
  | { readonly kind: 'partial' };

const MEDIA_TYPES = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

/** Reads an Accept header with its parameters; the first form that this server has wins. @throws StatusError 406 */
export function representationOf(
  accept: string | undefined,
  query: URLSearchParams,
  { custom, watch }: { custom: boolean; watch: boolean },
): Representation {
  const clauses = (accept ?? '*/*').split(',').map(parseClause);
  for (const { mediaType, parameters } of clauses) {
    if (!isJson(mediaType)) {
      continue;
    }
    const form = formOf(parameters, query);
    if (form !== undefined) {
      return form;
    }
  }
  if (custom) {
    const message = `only the following media types are accepted: ${MEDIA_TYPES}`;
    throw new StatusError(406, 'NotAcceptable', message);
  }
  const streams = watch
    ? ', application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch'
    : '';
  const message = `406: Not Acceptable\n\nAvailable representations: ${MEDIA_TYPES}${streams}`;
  throw new StatusError(406, 'NotAcceptable', message, { details: {} });
}

/** One alternative of an Accept header. */
export interface AcceptClause {
  readonly mediaType: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export function parseClause(clause: string): AcceptClause {
  const [mediaType = '', ...rest] = clause.split(';').map((part) => part.trim());
  const parameters = Object.fromEntries(
    rest.map((part) => {
      const [name = '', value = ''] = part.split('=', 2);
      return [name.trim(), value.trim()];
    }),
  );
  return { mediaType, parameters };
}

export function isJson(mediaType: string): boolean {
  return ['application/json', '*/*', ''].includes(mediaType);
}

function formOf(
  parameters: Readonly<Record<string, string>>,
  query: URLSearchParams,
): Representation | undefined {
  const { as, g, v } = parameters;
  if (as === undefined) {
    return { kind: 'object' };
  }
  if (g !== 'meta.k8s.io' || v !== 'v1') {
    return undefined;
  }
  if (as === 'Table') {
    const include = query.get('includeObject') ?? '';
    if (!['', 'Metadata', 'Object', 'None'].includes(include)) {
      throw badRequest(
        `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(include)}: must be 'Metadata', 'Object', 'None', or empty`,
      );
    }
    return {
      kind: 'table',
      includeObject: include === 'Object' || include === 'None' ? include : 'Metadata',
    };
  }
  return as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList'
    ? { kind: 'partial' }
    : undefined;
}

/** The front of an object's JSON: `{"kind":"Pod","apiVersion":"v1",`. */
export function textHead(resource: Resource): string {
  return `{"kind":${JSON.stringify(resource.kind)},"apiVersion":${JSON.stringify(groupVersionOf(resource))},`;
}
