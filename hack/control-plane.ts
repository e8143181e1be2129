/* Builds the programs of the real control plane, KWOK among them, before anybody waits for them: `npm run control-plane`. */
import { ensureAssets } from '../src/devcluster/control-plane/assets.ts';

await ensureAssets({ kwok: true, progress: (message) => process.stdout.write(`${message}\n`) });
