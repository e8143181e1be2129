import { readFile } from 'node:fs/promises';

/**
 * Names of the programs whose session does not give way as far as it was told to. Linux shares the processor among sessions first, and
 * may refuse to let one give way (a read-only /proc, a limit on changes): nice(1) alone changes nothing between sessions then.
 * @param pids by program
 */
export async function stubborn(pids: Readonly<Record<string, number>>, niceness: number): Promise<string[]> {
  const names = Object.keys(pids);
  const found = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(`/proc/${pids[name]}/autogroup`, 'utf8').catch(() => '');
      return autogroupNiceness(text);
    }),
  );
  return names.filter((_, index) => found[index] !== undefined && found[index] !== niceness);
}

/** Reads `/autogroup-30 nice 19`. Undefined where the system does not share by session: then nice(1) is enough. */
export function autogroupNiceness(text: string): number | undefined {
  const niceness = /^\/autogroup-\d+ nice (-?\d+)$/m.exec(text)?.[1];
  return niceness === undefined ? undefined : Number(niceness);
}
