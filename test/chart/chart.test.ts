import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { literally } from '../../hack/chart-crds.ts';
import { type ValueSchema, valuesYaml } from '../../hack/chart-values.ts';
import { chartFolder } from '../../hack/install-manifest.ts';
import { customResourceDefinitions, kinds } from '../../src/api/crds.ts';
import type { KubeObject } from '../../src/api/kube-object.ts';
import { VERSION } from '../../src/commands/version.ts';
import { helm, only, release } from '../support/chart.ts';
import { podSecurityViolations, type PodSpec } from '../support/pod-security.ts';
import { permissionsOf, type RbacRule } from '../support/rbac-rules.ts';

const read = (path: string): unknown => parse(readFileSync(join(chartFolder, path), 'utf8')) as unknown;
const valueFiles = readdirSync(join(chartFolder, 'ci')).map((name) => join(chartFolder, 'ci', name));
const schema = read('values.schema.json') as ValueSchema;

interface Deployment extends KubeObject {
  readonly spec: {
    readonly replicas: number;
    readonly strategy: { readonly type: string };
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: PodSpec & { readonly terminationGracePeriodSeconds: number };
    };
  };
}

interface Role extends KubeObject {
  readonly rules: readonly RbacRule[];
}

describe('the chart', function () {
  this.timeout(60_000);

  it('passes helm lint --strict with every file of values', async () => {
    const { code, stdout, stderr } = await helm([
      'lint',
      '--strict',
      chartFolder,
      ...valueFiles.map((file) => `--values=${file}`),
    ]);

    assert.equal(code, 0, stdout + stderr);
  });

  it('is of the version that it installs, and tells Artifact Hub the truth', () => {
    const chart = read('Chart.yaml') as { appVersion: string; annotations: Record<string, string> };

    assert.equal(chart.appVersion, VERSION);
    const crds = parse(chart.annotations['artifacthub.io/crds'] ?? '') as Record<string, string>[];
    assert.deepEqual(
      crds.map(({ kind, name, version }) => ({ kind, name, version })),
      kinds.map(({ type }) => ({
        kind: type.kind,
        name: `${type.plural}.${type.group}`,
        version: type.version,
      })),
    );
    const examples = parse(chart.annotations['artifacthub.io/crdsExamples'] ?? '') as KubeObject[];
    for (const example of examples) {
      const spec = (example as KubeObject & { spec: unknown }).spec;
      kinds.find(({ type }) => type.kind === example.kind)!.spec.parse(spec);
    }
    assert.deepEqual(
      examples.map(({ kind }) => kind),
      // Only the operator makes ChainTransactions.
      kinds.map(({ type }) => type.kind).filter((kind) => kind !== 'ChainTransaction'),
    );
  });

  it('has every value in some file under ci/', () => {
    const set = new Set(
      valueFiles.flatMap((file) => leaves(read(file.slice(chartFolder.length + 1)), schema)),
    );

    const never = leaves(parse(valuesYaml(schema)) as unknown, schema).filter((path) => !set.has(path));
    // Their defaults are what every other file shows.
    assert.deepEqual(never.sort(), [
      'image.tag',
      'leaderElection.id',
      'livenessProbe',
      'podDisruptionBudget.enabled',
      'podSecurityContext',
      'readinessProbe',
      'securityContext',
    ]);
  });

  describe('CRDs', () => {
    const shipped = JSON.parse(JSON.stringify(customResourceDefinitions())) as KubeObject[];

    it('are those of crds/, with the labels of the release and a mark to keep them', async () => {
      const rendered = (await release({ crds: true })).filter(
        ({ kind }) => kind === 'CustomResourceDefinition',
      );

      for (const [index, crd] of rendered.entries()) {
        const { labels = {}, annotations } = crd.metadata;
        assert.deepEqual(annotations, { 'helm.sh/resource-policy': 'keep' });
        const own = { 'app.kubernetes.io/part-of': labels['app.kubernetes.io/part-of'] };
        assert.deepEqual({ ...crd, metadata: { name: crd.metadata.name, labels: own } }, shipped[index]);
      }
      assert.equal(rendered.length, shipped.length);
    });

    it('are left out, or not kept, when the values say so', async () => {
      const without = await release({ crds: true, args: ['--set=crds.enabled=false'] });
      assert.deepEqual(
        without.filter(({ kind }) => kind === 'CustomResourceDefinition'),
        [],
      );

      const loose = await release({ crds: true, args: ['--set=crds.keep=false'] });
      const crds = loose.filter(({ kind }) => kind === 'CustomResourceDefinition');
      assert.deepEqual(
        crds.map(({ metadata }) => metadata.annotations),
        [undefined, undefined, undefined, undefined, undefined],
      );
    });

    it('would survive braces that Go templates know', () => {
      assert.equal(literally('a {{ b }} c'), 'a {{ "{{" }} b {{ "}}" }} c');
    });
  });

  describe('pods', () => {
    for (const file of valueFiles) {
      it(`satisfy the restricted Pod Security Standard: ${file.slice(chartFolder.length + 1)}`, async () => {
        const { spec } = only<Deployment>(await release({ args: [`--values=${file}`] }), 'Deployment');

        assert.deepEqual(podSecurityViolations(spec.template.spec), []);
        const [container] = spec.template.spec.containers;
        assert.equal(container?.securityContext?.readOnlyRootFilesystem, true);
        assert.ok(
          Object.entries(spec.selector.matchLabels).every(
            ([key, value]) => spec.template.metadata.labels[key] === value,
          ),
        );
      });
    }

    it('have time to drain, whatever the drain may take', async () => {
      const { spec } = only<Deployment>(
        await release({ args: ['--set=drainTimeoutSeconds=100'] }),
        'Deployment',
      );

      assert.equal(spec.template.spec.terminationGracePeriodSeconds, 115);
    });

    it('keep their selector through upgrades: it knows no version and no value but the name', async () => {
      const everything = valueFiles.find((file) => file.includes('high-availability'));
      const selectors = await Promise.all(
        [
          [],
          [
            `--values=${everything}`,
            '--set=commonLabels.a=b',
            '--set=podLabels.c=d',
            '--set-string=image.tag=9',
          ],
        ].map(
          async (args) => only<Deployment>(await release({ args }), 'Deployment').spec.selector.matchLabels,
        ),
      );

      const expected = { 'app.kubernetes.io/name': 'headframe', 'app.kubernetes.io/instance': 'headframe' };
      assert.deepEqual(selectors, [expected, expected]);
    });
  });

  describe('permissions', () => {
    async function roleOf(what: string, args: string[]): Promise<Role> {
      const objects = await release({ args });
      return only<Role>(
        objects.filter(({ metadata }) => metadata.name === `headframe-${what}`),
        'Role',
      );
    }

    it('have no wildcard, of secrets only a look at one by name, and nothing that could widen them', async () => {
      const roles = (await release()).filter(
        ({ kind }) => kind === 'ClusterRole' || kind === 'Role',
      ) as Role[];

      for (const permission of roles.flatMap(({ rules }) => permissionsOf(rules))) {
        assert.doesNotMatch(permission, /\*|rbac\.authorization|^(escalate|bind|impersonate) /);
        assert.ok(!permission.includes('secrets') || permission === 'get secrets', permission);
      }
      const inAllNamespaces = roles.filter(({ kind }) => kind === 'ClusterRole');
      assert.doesNotMatch(JSON.stringify(inAllNamespaces), /secrets/);
    });

    it('of kubeconfigs are for the Secrets that the values name', async () => {
      const role = await roleOf('kubeconfigs', ['--set=rbac.kubeconfigSecrets={a,b}']);

      assert.deepEqual(role.rules, [
        { apiGroups: [''], resources: ['secrets'], resourceNames: ['a', 'b'], verbs: ['get'] },
      ]);
    });

    it('of the Lease are for that Lease alone', async () => {
      const role = await roleOf('lease', ['--set=leaderElection.id=mine']);

      const named = role.rules.filter(({ verbs }) => !verbs.includes('create'));
      assert.deepEqual(
        named.map(({ resourceNames }) => resourceNames),
        [['mine']],
      );
    });

    it('are those that SECURITY.md lists', async () => {
      const security = readFileSync(new URL('../../SECURITY.md', import.meta.url), 'utf8');
      const listed = [...security.matchAll(/^\| `([^`]+)` +\| ([a-z, ]+?) +\|/gm)].flatMap(
        ([, resource = '', verbs = '']) => verbs.split(', ').map((verb) => `${verb} ${resource}`),
      );

      const objects = await release();
      const operator = objects.filter(
        ({ kind, metadata }) => (kind === 'ClusterRole' && metadata.name === 'headframe') || kind === 'Role',
      ) as Role[];
      assert.deepEqual(listed.sort(), permissionsOf(operator.flatMap(({ rules }) => rules)));
    });
  });

  it('two releases side by side have no object in common but the CRDs and the guests’ PriorityClass, and share the lease', async () => {
    const objects = await Promise.all(['headframe', 'second'].map((name) => release({ name })));
    const ids = objects.map((list) =>
      list
        .filter(({ kind }) => kind !== 'CustomResourceDefinition' && kind !== 'PriorityClass')
        .map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`),
    );

    assert.deepEqual(
      ids[0]!.filter((id) => ids[1]!.includes(id)),
      [],
    );
    const leases = objects.map((list) => {
      const named = list.filter(({ metadata }) => metadata.name.endsWith('-lease'));
      return only<Role>(named, 'Role').rules[0]?.resourceNames;
    });
    assert.deepEqual(leases[0], leases[1]);
  });

  it('cuts long names without cutting what tells them apart', async () => {
    const objects = await release({ name: 'x'.repeat(53), args: [`--set=nameOverride=${'y'.repeat(63)}`] });
    const names = objects.filter(({ kind }) => kind === 'ClusterRole').map(({ metadata }) => metadata.name);

    assert.equal(new Set(names).size, names.length);
    assert.ok(
      objects.every(
        ({ kind, metadata }) => kind === 'CustomResourceDefinition' || metadata.name.length <= 63,
      ),
    );
  });

  describe('refuses', () => {
    const table: { name: string; args: string[]; says: RegExp }[] = [
      {
        name: 'an unknown value',
        args: ['--set=replica=2'],
        says: /additional properties 'replica' not allowed/,
      },
      {
        name: 'an unknown value further down',
        args: ['--set=crds.install=true'],
        says: /'\/crds': additional properties 'install' not allowed/,
      },
      {
        name: 'a wrong type',
        args: ['--set-string=replicas=2'],
        says: /'\/replicas': got string, want integer/,
      },
      {
        name: 'a number out of range',
        args: ['--set=replicas=-1'],
        says: /'\/replicas': minimum: got -1, want 0/,
      },
      {
        name: 'a word that is none of the choices',
        args: ['--set=logLevel=loud'],
        says: /'\/logLevel': value must be one of 'error', 'warn', 'info', 'debug'/,
      },
      { name: 'a digest that is none', args: ['--set=image.digest=latest'], says: /'\/image\/digest'/ },
      {
        name: 'labels that are its own',
        args: ['--set=commonLabels.app\\.kubernetes\\.io/name=x'],
        says: /invalid propertyName 'app\.kubernetes\.io\/name'/,
      },
      {
        name: 'two operators without a lease',
        args: ['--set=replicas=2', '--set=leaderElection.enabled=false'],
        says: /two operators would act at the same time/,
      },
      {
        name: 'a ServiceMonitor without a Service',
        args: ['--set=metrics.serviceMonitor.enabled=true', '--set=metrics.service.enabled=false'],
        says: /needs metrics\.service\.enabled/,
      },
      {
        name: 'no ServiceAccount at all',
        args: ['--set=serviceAccount.create=false'],
        says: /serviceAccount\.name: name the ServiceAccount to use/,
      },
      { name: 'an old cluster', args: ['--kube-version=1.29.9'], says: /requires kubeVersion/ },
    ];
    for (const { name, args, says } of table) {
      it(name, async () => {
        const { code, stderr } = await helm(['template', 'headframe', chartFolder, ...args]);

        assert.notEqual(code, 0);
        assert.match(stderr, says);
      });
    }
  });

  it('runs without a lease only when the old pod ends before the new one starts', async () => {
    const { spec } = only<Deployment>(
      await release({ args: ['--set=leaderElection.enabled=false'] }),
      'Deployment',
    );

    assert.equal(spec.strategy.type, 'Recreate');
    assert.ok(spec.template.spec.containers[0]?.args.includes('--no-leader-elect'));
  });
});

/** Paths of the values, down to where the schema stops describing. */
function leaves(values: unknown, { properties }: ValueSchema, path = ''): string[] {
  return Object.entries((values ?? {}) as Record<string, unknown>).flatMap(([name, value]) => {
    const own = path === '' ? name : `${path}.${name}`;
    const below = properties?.[name];
    return below?.properties === undefined ? [own] : leaves(value, below, own);
  });
}
