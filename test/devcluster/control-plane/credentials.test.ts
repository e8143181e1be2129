import assert from 'node:assert/strict';
import { parse } from 'yaml';
import {
  kubeconfigText,
  randomTokens,
  tokenFile,
} from '../../../src/devcluster/control-plane/credentials.ts';

describe('credentials', () => {
  const tokens = randomTokens();

  it('are new every time, and different for everybody', () => {
    const all = [...Object.values(tokens), ...Object.values(randomTokens())];
    assert.equal(new Set(all).size, 8);
  });

  it('give only the administrator a group', () => {
    const lines = tokenFile(tokens).trimEnd().split('\n');

    assert.deepEqual(lines, [
      `${tokens.admin},headframe-admin,admin,"system:masters"`,
      `${tokens.powerless},powerless,powerless`,
      `${tokens['kube-scheduler']},system:kube-scheduler,kube-scheduler`,
      `${tokens['kube-controller-manager']},system:kube-controller-manager,kube-controller-manager`,
    ]);
  });

  it('make a kubeconfig that pins the certificate', () => {
    const identity = { server: 'https://127.0.0.1:6443', certificate: 'PEM' };
    const config = parse(kubeconfigText(identity, 'admin', 'T')) as Record<string, unknown>;

    assert.equal(config['current-context'], 'headframe');
    assert.deepEqual(config['clusters'], [
      {
        name: 'headframe',
        cluster: {
          server: identity.server,
          'certificate-authority-data': Buffer.from('PEM').toString('base64'),
        },
      },
    ]);
    assert.deepEqual(config['users'], [{ name: 'admin', user: { token: 'T' } }]);
  });
});
