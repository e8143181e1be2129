/** Programs of the control plane, under the file names that envtest's KUBEBUILDER_ASSETS folder uses too. */
export type BinaryName =
  'etcd' | 'kube-apiserver' | 'kubectl' | 'kube-scheduler' | 'kube-controller-manager' | 'kwok';

/** How one program is built. */
export interface BinaryRecipe {
  readonly name: BinaryName;
  /** The Go module under `hack/` that pins it. */
  readonly module: 'controlplane' | 'kwok';
  readonly goPackage: string;
  /** Cold build on 2 cores, measured with Go 1.26: only to tell people how long it takes. */
  readonly typicalSeconds: number;
}

/** In the order in which they are built. */
export const recipes: readonly BinaryRecipe[] = [
  { name: 'etcd', module: 'controlplane', goPackage: 'go.etcd.io/etcd/server/v3', typicalSeconds: 70 },
  kubernetes('kube-apiserver', 410),
  kubernetes('kubectl', 30),
  kubernetes('kube-scheduler', 70),
  kubernetes('kube-controller-manager', 80),
  { name: 'kwok', module: 'kwok', goPackage: 'sigs.k8s.io/kwok/cmd/kwok', typicalSeconds: 105 },
];

function kubernetes(name: BinaryName, typicalSeconds: number): BinaryRecipe {
  return { name, module: 'controlplane', goPackage: `k8s.io/kubernetes/cmd/${name}`, typicalSeconds };
}

/** The Kubernetes version, such as `v1.37.2`, that the text of `hack/controlplane/go.mod` pins. */
export function kubernetesVersion(goMod: string): string {
  const version = /^\s*k8s\.io\/kubernetes (v\d+\.\d+\.\d+)/m.exec(goMod)?.[1];
  if (version === undefined) {
    throw new Error('hack/controlplane/go.mod does not require k8s.io/kubernetes');
  }
  return version;
}

/**
 * Linker flags. Without the version a server calls itself v0.0.0, and kubectl and Helm complain about the skew. The
 * stamp is fixed, so that the same sources always give the same bytes.
 */
export function linkerFlags(recipe: BinaryRecipe, version: string): string {
  if (!recipe.goPackage.startsWith('k8s.io/kubernetes/')) {
    return '-s -w';
  }
  const [major = '', minor = ''] = version.slice(1).split('.');
  const stamp = {
    gitVersion: version,
    gitMajor: major,
    gitMinor: minor,
    gitTreeState: 'clean',
    gitCommit: 'unknown',
    buildDate: '1970-01-01T00:00:00Z',
  };
  const variables = Object.entries(stamp).map(
    ([key, value]) => `-X k8s.io/component-base/version.${key}=${value}`,
  );
  return ['-s -w', ...variables].join(' ');
}
