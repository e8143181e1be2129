const core = '/api/v1';
const ours = '/apis/headframe.dev/v1alpha1';
const gadgets = '/apis/gadgets.example.com';
const inNamespace = '/namespaces/$ns';

/** Where the collections are that a case names by their plural. */
const roots: Readonly<Record<string, string>> = {
  configmaps: core + inNamespace,
  secrets: core + inNamespace,
  pods: core + inNamespace,
  events: core + inNamespace,
  services: core + inNamespace,
  serviceaccounts: core + inNamespace,
  nodes: core,
  namespaces: core,
  leases: `/apis/coordination.k8s.io/v1${inNamespace}`,
  controllerrevisions: `/apis/apps/v1${inNamespace}`,
  priorityclasses: '/apis/scheduling.k8s.io/v1',
  customresourcedefinitions: '/apis/apiextensions.k8s.io/v1',
  minerpools: ours + inNamespace,
  computeclusters: ours,
  stakingnetworks: ours,
  stakeaccounts: ours + inNamespace,
  gadgets: `${gadgets}/v1${inNamespace}`,
  'gadgets@v2': `${gadgets}/v2${inNamespace}`,
  'events@events.k8s.io': `/apis/events.k8s.io/v1${inNamespace}`,
};

/** `pods/a?x=y` as a path in the case's namespace; one that begins with a slash as it is. */
export function fullPath(path: string): string {
  if (path.startsWith('/')) {
    return path;
  }
  const plural = /^[^/?]+/.exec(path)?.[0] ?? '';
  const root = roots[plural];
  if (root === undefined) {
    throw new Error(`no path is known for '${plural}': add it to paths.ts`);
  }
  return `${root}/${plural.replace(/@.*/, '')}${path.slice(plural.length)}`;
}
