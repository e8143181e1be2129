import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** npm's names of machines to those of the packages that hold anvil for them. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

export interface AnvilSearch {
  /** `HEADFRAME_ANVIL` is the path of a program to use instead of the package's. */
  readonly env: NodeJS.ProcessEnv;
  readonly platform: string;
  readonly architecture: string;
}

/**
 * Where anvil is: `$HEADFRAME_ANVIL`, or the npm package of this machine. The program itself, not the package's launcher: that one
 * would stand between us and it when it must stop.
 * @throws Error that says what to install or set
 */
export function anvilBinary(search: AnvilSearch): string {
  const chosen = search.env['HEADFRAME_ANVIL'];
  if (chosen !== undefined && chosen !== '') {
    if (!existsSync(chosen)) {
      throw new Error(`HEADFRAME_ANVIL names '${chosen}', which does not exist.`);
    }
    return chosen;
  }
  const architecture = ARCHITECTURES[search.architecture] ?? search.architecture;
  const name = `@foundry-rs/anvil-${search.platform}-${architecture}`;
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    return join(folder, 'bin', search.platform === 'win32' ? 'anvil.exe' : 'anvil');
  } catch {
    throw new Error(
      `The local chain needs anvil: install ${name} (npm ci does, where it exists), or set HEADFRAME_ANVIL to the path of an anvil.`,
    );
  }
}
