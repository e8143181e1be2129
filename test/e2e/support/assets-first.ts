import { ensureAssets } from '../../../src/devcluster/control-plane/assets.ts';

/**
 * Builds the control plane before the first test, where it has not been built yet: that takes some minutes, and no test has so long.
 * mocha calls it once, and sets it no time limit.
 */
export async function mochaGlobalSetup(): Promise<void> {
  await ensureAssets({ progress: (message) => process.stderr.write(`${message}\n`) });
}
