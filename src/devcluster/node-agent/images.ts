/** What a container does on this machine. */
export type Program =
  /** Runs this command line; the container's `args` follow it, its `command` replaces it. */
  | { readonly kind: 'program'; readonly command: readonly string[] }
  /** Runs the container's `command` and `args` as they are, by the programs of this machine. */
  | { readonly kind: 'shell' }
  /** Sleeps until it is stopped. There is nothing that could answer a probe, so its probes count as passed. */
  | { readonly kind: 'idle' };

/** Image repository (`headframe/reference-miner`, without a tag) to what it does. */
export type ImageTable = Readonly<Record<string, Program>>;

/** Images that mean a shell: `command` and `args` run with this machine's programs. */
export const shellImages: ImageTable = {
  'headframe/shell': { kind: 'shell' },
  busybox: { kind: 'shell' },
};

const idle: Program = { kind: 'idle' };

/** The image's program. A registry, a tag and a digest do not matter; an image that nobody has named is idle. */
export function programOf(image: string, table: ImageTable): Program {
  const repository = image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  const names = Object.keys(table).filter((name) => repository === name || repository.endsWith(`/${name}`));
  // The longest name is the most precise one.
  const name = names.sort((a, b) => b.length - a.length)[0];
  return name === undefined ? idle : (table[name] ?? idle);
}

/** What runs as a process. */
export type RunnableProgram = Exclude<Program, { readonly kind: 'idle' }>;

/** For the longest time that every `sleep` accepts (2^31 - 1 seconds, 68 years). */
const SLEEP: readonly string[] = ['sleep', '2147483647'];
const DEFAULT_SHELL = '/bin/sh';

/** The command line that a container runs; never empty. */
export function commandLine(
  program: RunnableProgram,
  container: {
    readonly command?: readonly string[] | undefined;
    readonly args?: readonly string[] | undefined;
  },
): readonly [string, ...string[]] {
  const [first = DEFAULT_SHELL, ...rest] = argv(program, container);
  return [first, ...rest];
}

function argv(
  program: RunnableProgram,
  {
    command = [],
    args = [],
  }: { command?: readonly string[] | undefined; args?: readonly string[] | undefined },
): readonly string[] {
  switch (program.kind) {
    case 'shell':
      return command.length > 0 || args.length > 0 ? [...command, ...args] : SLEEP;
    case 'program':
      return [...(command.length > 0 ? command : program.command), ...args];
  }
}
