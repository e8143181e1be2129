import { Command, CommanderError } from 'commander';
import { ExitError } from './commands/exit-error.ts';
import { VERSION } from './commands/version.ts';

/** Only the one that is called is loaded: the operator is much code, and Akash's provider runs `akash price-script` for each order. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  operator: async () => (await import('./commands/operator.ts')).operatorCommand(),
  demo: async () => (await import('./commands/demo.ts')).demoCommand(),
  crds: async () => (await import('./commands/crds.ts')).crdsCommand(),
  akash: async () => (await import('./commands/akash.ts')).akashCommand(),
  'explain-placement': async () =>
    (await import('./commands/explain-placement.ts')).explainPlacementCommand(),
  rewards: async () => (await import('./commands/rewards.ts')).rewardsCommand(),
  stake: async () => (await import('./commands/stake.ts')).stakeCommand(),
  tx: async () => (await import('./commands/tx.ts')).txCommand(),
};

const program = new Command('headframe')
  .description('A Kubernetes operator for decentralised GPU compute.')
  .version(VERSION)
  .exitOverride();

const [called = ''] = process.argv.slice(2);
// Without the name of one, all are needed: for the help, or to say which there are.
const wanted = Object.hasOwn(commands, called) ? [called] : Object.keys(commands);
for (const name of wanted) {
  const command = await commands[name]?.();
  if (command !== undefined) {
    program.addCommand(inheriting(command, program));
  }
}

try {
  await program.parseAsync();
} catch (error) {
  // Not only a code to end with: a timer or a socket of what failed must not keep the process, which another may replace by now.
  process.exit(exitCodeOf(error));
}

/** A command that was made on its own does not know yet how its parent's errors end: nor do its own subcommands. */
function inheriting(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const subcommand of command.commands) {
    inheriting(subcommand, command);
  }
  return command;
}

/** 2 for wrong flags and settings, as every command says on standard error; 1 for what went wrong later. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? 0 : 2;
  }
  if (error instanceof ExitError) {
    process.stderr.write(`headframe: ${error.message}\n`);
    return error.exitCode;
  }
  process.stderr.write(
    `headframe: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return 1;
}
