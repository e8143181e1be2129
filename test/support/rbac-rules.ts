/** A rule of a Role or ClusterRole that is about resources. */
export interface RbacRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** One line of an API server's audit log, as far as it is about permissions. */
export interface AuditEvent {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly objectRef?: {
    readonly resource?: string;
    readonly subresource?: string;
    readonly apiGroup?: string;
  };
  readonly requestURI: string;
  readonly responseStatus?: { readonly code?: number; readonly message?: string };
}

/** What somebody may do and what they did, in the words `verb resource[/subresource][.group]`. Sorted, each once. */
export interface PermissionUse {
  readonly used: readonly string[];
  /** Asked for and refused with 403. */
  readonly refused: readonly string[];
  /** Allowed and never asked for. */
  readonly unused: readonly string[];
}

/** Everything that rules allow, one by one. */
export function permissionsOf(rules: readonly RbacRule[]): string[] {
  const all = rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb) => permission(verb, resource, group))),
    ),
  );
  return [...new Set(all)].sort();
}

/** Holds what the rules allow a user against what the audit log says of them. Requests for no resource (`/version`) count only when refused. */
export function permissionUse(
  rules: readonly RbacRule[],
  events: readonly AuditEvent[],
  username: string,
): PermissionUse {
  const own = events.filter(({ user }) => user.username === username);
  const used = new Set<string>();
  const refused = new Set<string>();
  for (const event of own) {
    const wanted = permissionAsked(event);
    if (event.responseStatus?.code === 403) {
      refused.add(wanted ?? `${event.verb} ${event.requestURI}`);
    } else if (wanted !== undefined) {
      used.add(wanted);
    }
  }
  return {
    used: [...used].sort(),
    refused: [...refused].sort(),
    unused: permissionsOf(rules).filter((allowed) => !used.has(allowed)),
  };
}

function permissionAsked({ verb, objectRef }: AuditEvent): string | undefined {
  if (objectRef?.resource === undefined) {
    return undefined;
  }
  const { resource, subresource, apiGroup = '' } = objectRef;
  return permission(verb, subresource === undefined ? resource : `${resource}/${subresource}`, apiGroup);
}

function permission(verb: string, resource: string, group: string): string {
  return `${verb} ${resource}${group === '' ? '' : `.${group}`}`;
}
