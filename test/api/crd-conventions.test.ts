import assert from 'node:assert/strict';
import { customResourceDefinitions } from '../../src/api/crds.ts';
import type { CustomResourceDefinition, CrdVersion } from '../../src/api/schema/crd.ts';
import type { StructuralSchema } from '../../src/api/schema/structural.ts';
import { rules, type Place } from './crd-rules.ts';

const TEMPLATE = 'spec.template.';

/** kubectl apply keeps the whole object in an annotation; all annotations together have 256 KiB (apimachinery). */
const MAX_ANNOTATION_BYTES = 262_144;

/** Short and plural names of Kubernetes 1.37's own resources, and short names that well-known operators use. */
const TAKEN_NAMES: ReadonlySet<string> = new Set(
  `bindings componentstatuses cs configmaps cm endpoints ep events ev limitranges limits namespaces ns nodes no
  persistentvolumeclaims pvc persistentvolumes pv pods po podtemplates replicationcontrollers rc resourcequotas quota secrets
  serviceaccounts sa services svc customresourcedefinitions crd crds apiservices controllerrevisions daemonsets ds deployments
  deploy replicasets rs statefulsets sts horizontalpodautoscalers hpa cronjobs cj jobs certificatesigningrequests csr leases
  endpointslices flowschemas ingressclasses ingresses ing networkpolicies netpol ipaddresses ip servicecidrs runtimeclasses
  poddisruptionbudgets pdb clusterrolebindings clusterroles rolebindings roles deviceclasses resourceclaims
  resourceclaimtemplates resourceslices priorityclasses pc csidrivers csinodes csistoragecapacities storageclasses sc
  volumeattachments volumeattributesclasses vac workloads podgroups wl pg queue job pool kwl vj vcjob q cq lq rj tj mpij all`.split(
    /\s+/,
  ),
);

describe('CRD conventions', () => {
  for (const definition of customResourceDefinitions()) {
    describe(definition.spec.names.kind, () => {
      const [version] = definition.spec.versions as [CrdVersion];
      const root = version.schema.openAPIV3Schema;
      const places = [...walk({ path: '', name: undefined, schema: root, parent: undefined })];

      for (const rule of rules) {
        const exempt =
          rule.exemptTemplate === undefined ? '' : ` (pod template exempt: ${rule.exemptTemplate})`;
        it(`${rule.name}${exempt}`, () => {
          const violations = places
            .filter(({ path }) => exempt === '' || !path.startsWith(TEMPLATE))
            .flatMap((place) => {
              const violation = rule.violation(place);
              return violation === undefined ? [] : [`${place.path} ${violation}`];
            });
          assert.deepEqual(violations, []);
        });
      }

      definitionRules(definition, version);
      statusRules(root);
      columnRules(version, root);
    });
  }

  it('keep their short names apart from each other and from everyone else’s', () => {
    const names = customResourceDefinitions().flatMap(({ spec }) => [
      spec.names.plural,
      spec.names.singular,
      ...spec.names.shortNames,
    ]);
    assert.deepEqual(
      names.filter((name, index) => TAKEN_NAMES.has(name) || names.indexOf(name) !== index),
      [],
    );
  });
});

describe('the rules of the conventions', () => {
  for (const rule of rules) {
    it(`find what breaks '${rule.name}'`, () => {
      const name = rule.brokenName ?? 'x';
      const parent = { type: 'object', required: rule.brokenRequired ?? [] };
      const own = name.split('.').at(-1);
      assert.notEqual(rule.violation({ path: name, name: own, schema: rule.broken, parent }), undefined);
    });
  }
});

describe('the exemptions of the pod template', () => {
  const inTemplate = customResourceDefinitions()
    .flatMap(({ spec }) => spec.versions.map((version) => version.schema.openAPIV3Schema))
    .flatMap((schema) => [...walk({ path: '', name: undefined, schema, parent: undefined })])
    .filter(({ path }) => path.startsWith(TEMPLATE));

  for (const rule of rules.filter(({ exemptTemplate }) => exemptTemplate !== undefined)) {
    it(`are needed: Kubernetes breaks '${rule.name}'`, () => {
      assert.ok(inTemplate.some((place) => rule.violation(place) !== undefined));
    });
  }
});

function definitionRules(definition: CustomResourceDefinition, version: CrdVersion): void {
  const { group, names, versions } = definition.spec;

  it('belongs to an owned group and is named by it', () => {
    assert.doesNotMatch(group, /(^|\.)(k8s|kubernetes)\.io$/);
    assert.equal(definition.metadata.name, `${names.plural}.${group}`);
  });

  it('has a CamelCase singular kind and lower-case names', () => {
    assert.match(names.kind, /^[A-Z][A-Za-z0-9]*[^s]$/);
    assert.equal(names.singular, names.kind.toLowerCase());
    assert.match(names.plural, new RegExp(`^${names.singular.replace(/y$/, '')}(s|es|ies)$`));
    assert.equal(names.listKind, `${names.kind}List`);
  });

  it('is in the category headframe, and not in all', () => {
    assert.deepEqual(names.categories, ['headframe']);
  });

  it('has a version name of Kubernetes’ form and one storage version', () => {
    assert.ok(versions.every(({ name }) => /^v[1-9][0-9]*((alpha|beta)[1-9][0-9]*)?$/.test(name)));
    assert.equal(versions.filter(({ storage }) => storage).length, 1);
    assert.ok(versions.some(({ served }) => served));
  });

  it('has the status subresource', () => {
    assert.deepEqual(version.subresources.status, {});
  });

  it('can be applied by kubectl on the client side', () => {
    assert.ok(
      Buffer.byteLength(JSON.stringify(definition)) < MAX_ANNOTATION_BYTES * 0.9,
      'a tenth is kept free',
    );
  });

  it('has scale paths that lead to fields of the right type', () => {
    const { scale } = version.subresources;
    const root = version.schema.openAPIV3Schema;
    if (scale !== undefined) {
      assert.equal(fieldAt(root, scale.specReplicasPath)?.format, 'int32');
      assert.equal(fieldAt(root, scale.statusReplicasPath)?.format, 'int32');
      assert.equal(fieldAt(root, scale.labelSelectorPath)?.type, 'string');
    }
  });
}

function statusRules(root: StructuralSchema): void {
  it('has only apiVersion, kind, metadata, spec and status at the top', () => {
    assert.deepEqual(Object.keys(root.properties ?? {}).sort(), [
      'apiVersion',
      'kind',
      'metadata',
      'spec',
      'status',
    ]);
    assert.equal(root.required?.includes('status') ?? false, false, 'statusoptional');
  });

  it('has conditions exactly as metav1.Condition, by type', () => {
    const conditions = fieldAt(root, '.status.conditions');
    assert.equal(conditions?.['x-kubernetes-list-type'], 'map');
    assert.deepEqual(conditions['x-kubernetes-list-map-keys'], ['type']);
    const { properties = {}, required = [] } = conditions.items ?? {};
    assert.deepEqual(
      Object.entries(properties).map(([name, { type, format }]) => [name, type, format]),
      [
        ['type', 'string', undefined],
        ['status', 'string', undefined],
        ['observedGeneration', 'integer', 'int64'],
        ['lastTransitionTime', 'string', 'date-time'],
        ['reason', 'string', undefined],
        ['message', 'string', undefined],
      ],
    );
    assert.deepEqual(properties['status']?.enum, ['True', 'False', 'Unknown']);
    assert.deepEqual([...required].sort(), ['lastTransitionTime', 'message', 'reason', 'status', 'type']);
    // metav1.Condition's own limits.
    assert.equal(properties['reason']?.maxLength, 1024);
    assert.equal(properties['message']?.maxLength, 32_768);
  });

  it('says which generation the status describes', () => {
    assert.equal(fieldAt(root, '.status.observedGeneration')?.format, 'int64');
  });

  it('needs nothing in its status, so that parts of it can be written', () => {
    assert.deepEqual(root.properties?.['status']?.required ?? [], []);
  });
}

function columnRules(version: CrdVersion, root: StructuralSchema): void {
  const columns = version.additionalPrinterColumns;

  it('shows Ready and its reason by condition type, and the age last', () => {
    const byName = new Map(columns.map((column) => [column.name, column]));
    assert.equal(byName.get('Ready')?.jsonPath, '.status.conditions[?(@.type=="Ready")].status');
    assert.equal(byName.get('Reason')?.jsonPath, '.status.conditions[?(@.type=="Ready")].reason');
    const age = columns.at(-1);
    assert.deepEqual([age?.name, age?.type, age?.jsonPath], ['Age', 'date', '.metadata.creationTimestamp']);
    assert.equal(
      columns.some(({ jsonPath }) => jsonPath.includes('[-1')),
      false,
    );
  });

  it('fits the plain columns on a line of a terminal', () => {
    assert.ok(columns.filter(({ priority }) => priority === undefined).length <= 8);
  });

  for (const { name, type, jsonPath, description } of columns) {
    it(`has a column ${name} that is described and leads to a field`, () => {
      assert.match(name, /^[A-Z][A-Za-z0-9]*$/);
      assert.match(description, /^[A-Z].+\.$/);
      if (type !== 'date') {
        const field = fieldAt(root, jsonPath);
        assert.notEqual(field, undefined, jsonPath);
        assert.equal(type === 'integer', field?.type === 'integer');
      }
    });
  }
}

function* walk(place: Place): Generator<Place> {
  yield place;
  const { path, schema } = place;
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    yield* walk({ path: path === '' ? name : `${path}.${name}`, name, schema: field, parent: schema });
  }
  for (const [mark, inner] of [
    ['[]', schema.items],
    ['{}', schema.additionalProperties],
  ] as const) {
    if (inner !== undefined) {
      yield* walk({ path: `${path}${mark}`, name: undefined, schema: inner, parent: undefined });
    }
  }
}

/** The field that a JSONPath of the simple kind, or one that selects a list item by key, leads to. */
function fieldAt(root: StructuralSchema, jsonPath: string): StructuralSchema | undefined {
  const steps = jsonPath
    .replace(/\[\?\(@\.\w+=="\w+"\)\]/, '.[]')
    .split('.')
    .slice(1);
  return steps.reduce<StructuralSchema | undefined>(
    (schema, step) => (step === '[]' ? schema?.items : schema?.properties?.[step]),
    root,
  );
}
