import { Command, CommanderError } from 'commander';
import { akashCommand } from './commands/akash.ts';
import { crdsCommand } from './commands/crds.ts';
import { demoCommand } from './commands/demo.ts';
import { explainPlacementCommand } from './commands/explain-placement.ts';
import { operatorCommand } from './commands/operator.ts';
import { rewardsCommand } from './commands/rewards.ts';
import { ExitError } from './commands/exit-error.ts';
import { stakeCommand } from './commands/stake.ts';
import { txCommand } from './commands/tx.ts';
import { VERSION } from './commands/version.ts';

const program = new Command('headframe')
  .description('A Kubernetes operator for decentralised GPU compute.')
  .version(VERSION)
  .exitOverride();

for (const command of [
  operatorCommand(),
  demoCommand(),
  crdsCommand(),
  akashCommand(),
  explainPlacementCommand(),
  rewardsCommand(),
  stakeCommand(),
  txCommand(),
]) {
  program.addCommand(inheriting(command, program));
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
