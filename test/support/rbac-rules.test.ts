import assert from 'node:assert/strict';
import { type AuditEvent, permissionsOf, permissionUse } from './rbac-rules.ts';

const rules = [
  { apiGroups: [''], resources: ['pods', 'nodes'], verbs: ['list', 'watch'] },
  { apiGroups: ['headframe.dev'], resources: ['minerpools/status'], verbs: ['patch'] },
];

function asked(verb: string, objectRef: AuditEvent['objectRef'], code = 200, username = 'me'): AuditEvent {
  return {
    verb,
    user: { username },
    requestURI: '/some/path',
    responseStatus: { code },
    ...(objectRef === undefined ? {} : { objectRef }),
  };
}

describe('permissions held against an audit log', () => {
  it('are counted one by one', () => {
    assert.deepEqual(permissionsOf(rules), [
      'list nodes',
      'list pods',
      'patch minerpools/status.headframe.dev',
      'watch nodes',
      'watch pods',
    ]);
  });

  it('are used by requests that were let through, of that user alone', () => {
    const status = { resource: 'minerpools', subresource: 'status', apiGroup: 'headframe.dev' };
    const use = permissionUse(
      rules,
      [
        asked('list', { resource: 'pods' }),
        asked('list', { resource: 'pods' }),
        asked('watch', { resource: 'nodes' }, 200, 'somebody else'),
        // Let through, and then answered by the registry: a conflict is no refusal.
        asked('patch', status, 409),
        asked('get', undefined),
      ],
      'me',
    );

    assert.deepEqual(use, {
      used: ['list pods', 'patch minerpools/status.headframe.dev'],
      refused: [],
      unused: ['list nodes', 'watch nodes', 'watch pods'],
    });
  });

  it('are missing where a request was refused, for a resource or a path', () => {
    const { used, refused } = permissionUse(
      rules,
      [asked('create', { resource: 'pods' }, 403), asked('get', undefined, 403)],
      'me',
    );

    assert.deepEqual(used, []);
    assert.deepEqual(refused, ['create pods', 'get /some/path']);
  });
});
