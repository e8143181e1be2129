/** NatSpec of a contract. */
export interface ContractDocs {
  readonly title: string;
  readonly notice: string;
  /** By signature; state variables and some events by name. */
  readonly members: Readonly<Record<string, MemberDocs>>;
  /** By canonical name, such as `StakeLedger.Stake`. */
  readonly structs: Readonly<Record<string, MemberDocs>>;
}

/** What is said of one function, event, error or struct. */
export interface MemberDocs {
  readonly notice: string;
  /** By name. */
  readonly params: Readonly<Record<string, string>>;
  /** By name, `_0` for one without. */
  readonly returns: Readonly<Record<string, string>>;
}

/** What of a compiler's syntax tree is read here. */
export interface SourceUnit {
  readonly nodes: readonly SyntaxNode[];
}

interface SyntaxNode {
  readonly nodeType: string;
  readonly canonicalName?: string;
  readonly documentation?: { readonly text: string } | null;
  readonly nodes?: readonly SyntaxNode[];
}

type Json = Readonly<Record<string, unknown>>;

/** The docs that solc gives for users and for developers, in one. */
export function docsOf(userdoc: Json, devdoc: Json): Omit<ContractDocs, 'structs'> {
  const members: Record<string, MemberDocs> = {};
  for (const kind of ['methods', 'events', 'errors', 'stateVariables']) {
    const said = group(userdoc[kind]);
    const detailed = group(devdoc[kind]);
    for (const key of new Set([...Object.keys(said), ...Object.keys(detailed)])) {
      members[key] = {
        notice: text(said[key]?.['notice']),
        params: (detailed[key]?.['params'] ?? {}) as MemberDocs['params'],
        returns: (detailed[key]?.['returns'] ?? {}) as MemberDocs['returns'],
      };
    }
  }
  return { title: text(devdoc['title']), notice: text(userdoc['notice']), members };
}

/** The docs of structs, which solc leaves in its syntax trees. */
export function structDocsOf(units: readonly SourceUnit[]): Record<string, MemberDocs> {
  const structs: Record<string, MemberDocs> = {};
  const visit = (node: SyntaxNode): void => {
    if (node.nodeType === 'StructDefinition' && node.documentation && node.canonicalName !== undefined) {
      structs[node.canonicalName] = parseNatSpec(node.documentation.text);
    }
    node.nodes?.forEach(visit);
  };
  units.forEach((unit) => unit.nodes.forEach(visit));
  return structs;
}

function parseNatSpec(comment: string): MemberDocs {
  const params: Record<string, string> = {};
  let notice = '';
  for (const part of comment.replace(/\s+/g, ' ').split(/(?:^| )@/)) {
    const [, tag, rest = ''] = /^(\w+) (.*)$/.exec(part) ?? [];
    if (tag === 'param') {
      const [, name = '', about = ''] = /^(\w+) (.*)$/.exec(rest) ?? [];
      params[name] = about;
    } else if (tag === 'notice') {
      notice = rest;
    }
  }
  return { notice, params, returns: {} };
}

/** Errors come as lists of one, everything else as it is. */
function group(value: unknown): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    Object.entries((value ?? {}) as Json).map(([key, doc]) => [
      key,
      (Array.isArray(doc) ? doc[0] : doc) as Json,
    ]),
  );
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
