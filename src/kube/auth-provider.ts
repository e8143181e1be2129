import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import type { User } from '@kubernetes/client-node';

/**
 * The Authorization header of a user with one of the old auth providers (oidc, gcp, azure), as the library knows them; undefined
 * when there is no valid token. It keeps renewed tokens in the user that it is given. Rejects as the library does.
 */
export async function authorizationOf({ name, authProvider }: User): Promise<string | undefined> {
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: 'any', server: 'https://any', skipTLSVerify: false },
    { name, authProvider: authProvider as unknown },
  );
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const { Authorization: authorization } = (options.headers ?? {}) as Record<string, unknown>;
  return typeof authorization === 'string' ? authorization.trim() : undefined;
}
