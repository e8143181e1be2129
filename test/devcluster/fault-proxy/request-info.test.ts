import assert from 'node:assert/strict';
import { requestInfo, type RequestInfo } from '../../../src/devcluster/fault-proxy/request-info.ts';

describe('requestInfo', () => {
  const nothing: RequestInfo = {
    verb: 'other',
    resource: undefined,
    subresource: undefined,
    namespace: undefined,
    name: undefined,
    resumes: false,
  };
  const pods = { ...nothing, resource: 'pods', namespace: 'lab' };
  const pools = { ...nothing, resource: 'minerpools' };
  const cases: [method: string, url: string, info: RequestInfo][] = [
    ['GET', '/api/v1/namespaces/lab/pods', { ...pods, verb: 'list' }],
    ['GET', '/api/v1/namespaces/lab/pods?watch=true', { ...pods, verb: 'watch' }],
    [
      'GET',
      '/api/v1/namespaces/lab/pods?watch=1&resourceVersion=5',
      { ...pods, verb: 'watch', resumes: true },
    ],
    [
      'GET',
      '/api/v1/namespaces/lab/pods?watch=true&sendInitialEvents=true&resourceVersion=0',
      { ...pods, verb: 'watch' },
    ],
    ['GET', '/api/v1/namespaces/lab/pods/a%2Eb', { ...pods, verb: 'get', name: 'a.b' }],
    ['GET', '/api/v1/namespaces/lab/pods/a/log', { ...pods, verb: 'get', name: 'a', subresource: 'log' }],
    ['POST', '/api/v1/namespaces/lab/pods?fieldManager=x', { ...pods, verb: 'create' }],
    ['DELETE', '/api/v1/namespaces/lab/pods/a', { ...pods, verb: 'delete', name: 'a' }],
    ['GET', '/apis/headframe.dev/v1alpha1/minerpools', { ...pools, verb: 'list' }],
    [
      'PATCH',
      '/apis/headframe.dev/v1alpha1/namespaces/lab/minerpools/p/status',
      { ...pools, verb: 'patch', namespace: 'lab', name: 'p', subresource: 'status' },
    ],
    ['GET', '/api/v1/nodes/n', { ...nothing, verb: 'get', resource: 'nodes', name: 'n' }],
    ['PUT', '/api/v1/nodes/n', { ...nothing, verb: 'update', resource: 'nodes', name: 'n' }],
    ['GET', '/api/v1/namespaces', { ...nothing, verb: 'list', resource: 'namespaces' }],
    ['GET', '/api/v1/namespaces/lab', { ...nothing, verb: 'get', resource: 'namespaces', name: 'lab' }],
    [
      'PUT',
      '/api/v1/namespaces/lab/status',
      { ...nothing, verb: 'update', resource: 'namespaces', name: 'lab', subresource: 'status' },
    ],
    ['GET', '/readyz', nothing],
    ['GET', '/apis/headframe.dev/v1alpha1', nothing],
  ];
  for (const [method, url, info] of cases) {
    it(`${method} ${url}`, () => {
      assert.deepEqual(requestInfo(method, url), info);
    });
  }
});
