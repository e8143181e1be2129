import { gadget } from '../gadget.ts';
import { configMap, lease, pod, pool, secret } from '../manifests.ts';
import { get, post, remove, type Case, type Step } from '../step.ts';

const labelled: readonly Step[] = [
  post('secrets', secret('a', {}, { labels: { app: 'x', tier: '1' } })),
  post('secrets', secret('b', { type: 'example.com/t' }, { labels: { app: 'y', tier: '2' } })),
  post('secrets', secret('c', {}, { labels: { app: 'x' } })),
  post('secrets', secret('d')),
];

const labelSelectors: readonly [what: string, ...selectors: string[]][] = [
  ['equal', 'app=x', 'app==x', 'app = x ', 'app=x,tier=1', 'app='],
  ['not equal', 'app!=x', 'app!=x,tier', 'tier!=1'],
  ['in a set', 'app in (x,y)', 'app in (x)', 'app in ( y , z )', 'app in ()', 'app in (,x)'],
  ['not in a set', 'app notin (x)', 'app notin (x,y)'],
  ['exists', 'app', '!app', 'app,!tier', '! app'],
  ['greater and less', 'tier>1', 'tier<2', 'tier>x', 'tier > 0'],
  [
    'bad syntax',
    'app in',
    'app in x',
    '=x',
    'app=x=y',
    ',',
    'app,',
    '!',
    'app notin',
    '(a)',
    'app in (x',
    '!app=x',
  ],
  ['bad values', 'app=a b', 'a b', 'a/b/c=d', 'app=-x', `app=${'x'.repeat(64)}`, 'app=x!', '-a'],
];

const fieldSelectors: readonly [what: string, ...selectors: string[]][] = [
  ['the name', 'metadata.name=a', 'metadata.name!=a', 'metadata.name==a,metadata.namespace=$ns'],
  ['the namespace', 'metadata.namespace=default', 'metadata.namespace!=$ns'],
  ['nothing that exists', 'metadata.name=zzz', 'metadata.name='],
  ['what is not selectable', 'data.k=v', 'metadata.uid=x', 'metadata.labels=x', 'spec.x=y'],
  ['bad syntax', 'metadata.name', 'metadata.name>a', 'a=b=c', ',', '=', 'metadata.name in (a)'],
];

const selectors: readonly Case[] = [
  ...labelSelectors.map(([what, ...each]): Case => ({
    name: `label selector: ${what}`,
    steps: [
      ...labelled,
      ...each.map((selector) => get(`secrets?labelSelector=${encodeURIComponent(selector)}`)),
    ],
  })),
  ...fieldSelectors.map(([what, ...each]): Case => ({
    name: `field selector: ${what}`,
    steps: [
      ...labelled.slice(0, 2),
      post('gadgets', gadget('a')),
      ...each.flatMap((selector) => {
        const query = `fieldSelector=${encodeURIComponent(selector).replaceAll('%24', '$')}`;
        return [get(`secrets?${query}`), get(`gadgets?${query}`)];
      }),
    ],
  })),
  {
    name: 'field selector: what built-in kinds offer',
    steps: [
      ...labelled,
      post('pods', pod('a')),
      post('pods', pod('b', { restartPolicy: 'Never', nodeName: 'there' })),
      get('secrets?fieldSelector=type%3Dexample.com/t'),
      get('secrets?fieldSelector=type!%3Dexample.com/t'),
      ...[
        'spec.nodeName=there',
        'spec.nodeName=',
        'status.phase=Pending',
        'status.phase!=Pending',
        'spec.restartPolicy=Never',
        'spec.schedulerName=nobody',
        'spec.serviceAccountName=default',
        'status.podIP=',
        'spec.hostNetwork=false',
        'status.nominatedNodeName=',
        'spec.containers=x',
      ].map((selector) => get(`pods?fieldSelector=${encodeURIComponent(selector)}`, { pick: names })),
      get('nodes?fieldSelector=spec.unschedulable%3Dtrue', { pick: names }),
      get('namespaces?fieldSelector=status.phase%3DTerminating,metadata.name%3D$ns', { pick: names }),
      get('events?fieldSelector=involvedObject.name%3Dx,reason%3Dy,type%3DNormal'),
    ],
  },
  {
    name: 'field selector: what a definition offers',
    steps: [
      post('gadgets', gadget('a', { size: 1, color: 'red' })),
      post('gadgets', gadget('b', { size: 1, color: 'blue' })),
      get('gadgets?fieldSelector=spec.color%3Dblue'),
      get('gadgets?fieldSelector=spec.color!%3Dblue'),
      get('gadgets?fieldSelector=spec.size%3D1'),
      get('gadgets@v2?fieldSelector=spec.color%3Dblue'),
    ],
  },
];

/** What a list holds, or the refusal as it is. */
function names(body: Parameters<NonNullable<Step['pick']>>[0]): typeof body {
  const { items } = body as { items?: { metadata: { name: string } }[] };
  return items?.map(({ metadata }) => metadata.name) ?? body;
}

const five = ['a', 'b', 'c', 'd', 'e'];

export const lists: readonly Case[] = [
  ...selectors,
  {
    name: 'an empty list',
    steps: ['secrets', 'leases', 'pods', 'minerpools', 'gadgets', 'gadgets@v2', 'controllerrevisions'].map(
      (path) => get(path),
    ),
  },
  {
    name: 'a list of each kind',
    steps: [
      post('leases', lease('b')),
      post('leases', lease('a')),
      get('leases'),
      post('minerpools', pool('b')),
      post('minerpools', pool('a')),
      get('minerpools'),
      post('pods', pod('b')),
      post('pods', pod('a')),
      get('pods'),
      get('/api/v1/pods?fieldSelector=metadata.namespace%3D$ns'),
      get('/apis/gadgets.example.com/v1/gadgets?fieldSelector=metadata.namespace%3D$ns'),
    ],
  },
  ...(['secrets', 'gadgets'] as const).map((plural): Case => {
    const make = (name: string) =>
      plural === 'secrets' ? post(plural, secret(name)) : post(plural, gadget(name));
    return {
      name: `pages of ${plural}`,
      steps: [
        ...five.map(make),
        get(`${plural}?limit=2`, { as: 'first' }),
        make('f'),
        remove(`${plural}/d`),
        get(`${plural}?limit=2&continue=$first.metadata.continue`, { as: 'second' }),
        get(`${plural}?limit=2&continue=$second.metadata.continue`),
        get(`${plural}?limit=5`),
        get(`${plural}?limit=50`),
        get(`${plural}?continue=$first.metadata.continue`),
        get(`${plural}?limit=2&labelSelector=!x`),
        get(`${plural}?limit=1&fieldSelector=metadata.name%3Db`),
      ],
    };
  }),
  {
    name: 'bad pages',
    steps: [
      ...five.map((name) => post('secrets', secret(name))),
      get('secrets?limit=-1'),
      get('secrets?limit=x'),
      get('secrets?limit=0'),
      get('secrets?continue=abc'),
      get('secrets?continue=abc&limit=2'),
      get('secrets?limit=2', { as: 'first' }),
      get('secrets?limit=2&resourceVersion=1&continue=$first.metadata.continue'),
      get('secrets?limit=2&resourceVersionMatch=Exact&continue=$first.metadata.continue'),
      get('gadgets?continue=abc'),
    ],
  },
  {
    name: 'lists of a resourceVersion',
    steps: [
      post('secrets', secret('a'), { as: 'a' }),
      post('secrets', secret('b'), { as: 'b' }),
      post('secrets', secret('c'), { as: 'c' }),
      get('secrets?resourceVersion=0'),
      get('secrets?resourceVersion=$c.metadata.resourceVersion'),
      get('secrets?resourceVersion=$c.metadata.resourceVersion&resourceVersionMatch=NotOlderThan'),
      get('secrets?resourceVersion=$b.metadata.resourceVersion&resourceVersionMatch=Exact'),
      get('secrets?resourceVersion=0&resourceVersionMatch=NotOlderThan'),
      get('secrets?resourceVersion=0&limit=1'),
      get('secrets?resourceVersion=$b.metadata.resourceVersion&resourceVersionMatch=Exact&limit=1'),
      get('secrets?resourceVersion=$b.metadata.resourceVersion&limit=1'),
    ],
  },
  {
    name: 'bad resourceVersions of lists',
    steps: [
      get('secrets?resourceVersion=abc'),
      get('secrets?resourceVersion=-1'),
      get('secrets?resourceVersion=0&resourceVersionMatch=Exact'),
      get('secrets?resourceVersionMatch=Exact'),
      get('secrets?resourceVersionMatch=NotOlderThan'),
      get('secrets?resourceVersion=1&resourceVersionMatch=Maybe'),
      get('gadgets?resourceVersion=abc'),
      get('gadgets?resourceVersionMatch=Exact'),
    ],
  },
  {
    name: 'one object of a resourceVersion',
    steps: [
      post('secrets', secret('a'), { as: 'a' }),
      get('secrets/a?resourceVersion=0'),
      get('secrets/a?resourceVersion=$a.metadata.resourceVersion'),
      get('secrets/a?resourceVersion=abc'),
      get('secrets/zzz?resourceVersion=0'),
      post('gadgets', gadget('a')),
      get('gadgets/a?resourceVersion=0'),
    ],
  },
  {
    name: 'resourceVersions of the future',
    steps: [get('secrets?resourceVersion=99999999&resourceVersionMatch=Exact')],
  },
  {
    name: 'delete of a collection',
    steps: [
      ...five.map((name) => post('secrets', secret(name, {}, { labels: { odd: String(name < 'c') } }))),
      remove('secrets?labelSelector=odd%3Dtrue', undefined, {}),
      get('secrets', { pick: names }),
      remove('secrets?fieldSelector=metadata.name%3Dd'),
      remove('secrets?dryRun=All'),
      remove('secrets?labelSelector=a%20b'),
      remove('secrets', { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' }),
      get('secrets', { pick: names }),
      remove('secrets'),
      post('gadgets', gadget('a', { size: 1 }, { finalizers: ['example.com/f'] })),
      post('gadgets', gadget('b')),
      remove('gadgets'),
      get('gadgets'),
    ],
  },
  {
    name: 'config maps of a list carry their data',
    steps: [
      post('configmaps', configMap('a', { k: 'v' }, { labels: { list: 'yes' } })),
      get('configmaps?labelSelector=list%3Dyes'),
      get('configmaps?labelSelector=list%3Dyes&pretty=true'),
    ],
  },
];
