import { stringify } from 'yaml';

/** A kubeconfig's text with one cluster, one user and one context, `headframe`. */
export function kubeconfigText(identity: { server: string; certificate: string; token: string }): string {
  const { server, certificate, token } = identity;
  const authority = Buffer.from(certificate).toString('base64');
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'headframe',
      clusters: [{ name: 'headframe', cluster: { server, 'certificate-authority-data': authority } }],
      users: [{ name: 'admin', user: { token } }],
      contexts: [
        { name: 'headframe', context: { cluster: 'headframe', user: 'admin', namespace: 'default' } },
      ],
    },
    { lineWidth: 0 },
  );
}
