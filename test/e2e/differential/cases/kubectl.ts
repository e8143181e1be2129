import type { Json, JsonObject } from '../../../../src/devcluster/api-server/schema/schema.ts';
import { gadget } from '../gadget.ts';
import { configMap, pod, pool } from '../manifests.ts';
import { kubectl, mergePatch, post, type Case, type Step } from '../step.ts';

/** What kubectl read from its standard input. */
const documents = (...items: JsonObject[]): string =>
  items.map((item) => JSON.stringify(item)).join('\n---\n');

const gadgets: readonly Step[] = [
  post('gadgets', gadget('a', { size: 1, tags: ['x'] }, { labels: { app: 'x' } })),
  post('gadgets', gadget('b', { size: 2, color: 'blue' })),
  mergePatch('gadgets/a/status', { status: { conditions: [{ type: 'Ready', status: 'True' }] } }),
];

/** Without what other cases made. */
function linesWith(...words: readonly string[]) {
  return (text: Json): Json =>
    (text as string)
      .split('\n')
      .filter((line) => words.some((word) => line.includes(word)))
      .join('\n');
}

export const kubectlCommands: readonly Case[] = [
  {
    name: 'kubectl get',
    steps: [
      ...gadgets,
      kubectl('get gadgets'),
      kubectl('get gadgets -o wide'),
      kubectl('get gd a -o yaml'),
      kubectl('get gadgets -l app=x -o name'),
      kubectl('get gadget,secret'),
      kubectl('get gadgets zzz'),
      kubectl('get toys'),
    ],
  },
  {
    name: 'kubectl get of pools and pods',
    steps: [
      post('minerpools', pool('a', { replicas: 2, gpus: { models: ['x'] } })),
      post('pods', pod('p', { nodeName: '$ns' })),
      kubectl('get mp,pods -o wide'),
      kubectl('get headframe --show-labels'),
      kubectl('get pods p -o jsonpath={.spec.nodeName}'),
      kubectl('get pods --show-kind --sort-by=.metadata.name'),
    ],
  },
  {
    name: 'kubectl describe',
    steps: [
      ...gadgets,
      post('pods', pod('p')),
      post('configmaps', configMap('c')),
      kubectl('describe gadget a'),
      kubectl('describe pod p'),
      kubectl('describe configmap c'),
      kubectl('describe gadget zzz'),
    ],
  },
  {
    name: 'kubectl explain',
    steps: [
      kubectl('explain gadgets'),
      kubectl('explain gadgets.spec.ports'),
      kubectl('explain minerpools.spec.gpus.vendor'),
      kubectl('explain minerpools --recursive'),
      kubectl('explain gadgets.spec.nothing'),
      kubectl('explain pods.spec.containers.resources'),
    ],
  },
  {
    name: 'kubectl apply twice',
    steps: [
      kubectl('apply -f -', documents(gadget('a'), configMap('c'))),
      kubectl('apply -f -', documents(gadget('a'), configMap('c'))),
      kubectl('apply -f -', documents(gadget('a', { size: 3 }), configMap('c', { k: 'w' }))),
      kubectl('get gadget a -o yaml'),
    ],
  },
  {
    name: 'kubectl apply to pods and pools',
    steps: [
      kubectl('apply -f -', documents(pod('p'), pool('m'))),
      kubectl(
        'apply -f -',
        documents(pod('p', { containers: [{ name: 'main', image: 'image:2' }] }), pool('m', { replicas: 3 })),
      ),
      kubectl('apply -f -', documents(pod('p', { restartPolicy: 'Never' }))),
    ],
  },
  {
    name: 'kubectl apply on the server',
    steps: [
      kubectl('apply --server-side -f -', gadget('a', { size: 1 })),
      kubectl('apply --server-side -f -', gadget('a', { size: 1 })),
      kubectl('apply --server-side --field-manager=other -f -', gadget('a', { size: 2 })),
      kubectl('apply --server-side --field-manager=other --force-conflicts -f -', gadget('a', { size: 2 })),
      kubectl('apply --dry-run=server -f -', gadget('z')),
    ],
  },
  {
    name: 'kubectl apply of what is wrong',
    steps: [
      kubectl('apply -f -', gadget('a', { size: 'big' })),
      kubectl('apply -f -', gadget('a', { size: 1, nonsense: 2 })),
      kubectl('apply --validate=false -f -', gadget('b', { size: 1, nonsense: 2 })),
      kubectl('apply --validate=warn -f -', gadget('c', { size: 1, nonsense: 2 })),
      kubectl('apply -f -', {
        apiVersion: 'nothing.example.com/v1',
        kind: 'Nothing',
        metadata: { name: 'a' },
      }),
      kubectl('create -f -', gadget('b')),
    ],
  },
  {
    name: 'kubectl diff',
    steps: [
      ...gadgets.slice(0, 1),
      kubectl('diff -f -', gadget('a', { size: 5, tags: ['x'] }), { pick: linesWith('size') }),
    ],
  },
  {
    name: 'kubectl scale',
    steps: [
      post('minerpools', pool('a')),
      kubectl('scale minerpool a --replicas=3'),
      kubectl('scale minerpool a --replicas=4 --current-replicas=9'),
      kubectl('scale minerpool a --replicas=-2'),
      kubectl('scale minerpool zzz --replicas=1'),
      kubectl('get minerpool a'),
    ],
  },
  {
    name: 'kubectl label, annotate and patch',
    steps: [
      ...gadgets,
      kubectl('label gadget a new=label'),
      kubectl('label gadget a new=other'),
      kubectl('label gadget a new=other --overwrite'),
      kubectl('annotate gadget a note=this'),
      kubectl('patch gadget a --type=merge -p {"spec":{"size":9}}'),
      kubectl('patch gadget a --type=json -p [{"op":"replace","path":"/spec/size","value":8}]'),
      kubectl('patch gadget a -p {"spec":{"size":9}}'),
      kubectl('patch gadget a --subresource=status --type=merge -p {"status":{"phase":"Fine"}}'),
    ],
  },
  {
    name: 'kubectl wait and delete',
    steps: [
      ...gadgets,
      kubectl('wait gadget a --for=condition=Ready --timeout=5s'),
      kubectl('wait gadget a --for=jsonpath={.spec.size}=1 --timeout=5s'),
      kubectl('delete gadget a'),
      kubectl('delete gadget a'),
      kubectl('delete gadget a --ignore-not-found'),
      kubectl('delete gadgets --all'),
      post('pods', pod('p')),
      kubectl('delete pod p --wait=false'),
    ],
  },
  {
    name: 'kubectl api-resources',
    steps: [
      kubectl('api-resources --api-group=headframe.dev'),
      kubectl('api-resources --api-group=gadgets.example.com -o wide'),
      kubectl('api-resources --categories=toys'),
      kubectl('api-versions', undefined, { pick: linesWith('headframe.dev', 'gadgets', 'apiextensions') }),
    ],
  },
  {
    name: 'kubectl create',
    steps: [
      kubectl('create configmap c --from-literal=a=b'),
      kubectl('create configmap c --from-literal=a=b'),
      kubectl('create secret generic s --from-literal=a=b'),
      kubectl('create namespace $ns-sub'),
      kubectl('run p --image=image:1 --restart=Never --dry-run=client -o name'),
      kubectl('replace -f -', configMap('c', { a: 'c' })),
      kubectl('get configmap c -o jsonpath={.data}'),
      kubectl('logs zzz'),
    ],
  },
];
