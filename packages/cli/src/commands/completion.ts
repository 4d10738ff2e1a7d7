/**
 * `hallpass completion`: a script with which a shell completes the commands and options of `hallpass`.
 *
 * @module
 */
import { Argument, Command } from 'commander'
import type { CliIo } from '../io.ts'
import { bashCompletion } from '../completion/bash.ts'
import type { CommandShape } from '../completion/command-shapes.ts'
import { fishCompletion } from '../completion/fish.ts'
import { zshCompletion } from '../completion/zsh.ts'
import { write } from '../output.ts'

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const

type Shell = keyof typeof SCRIPTS

const HELP = `
Examples:
  source <(hallpass completion bash)      # in ~/.bashrc
  source <(hallpass completion zsh)       # in ~/.zshrc, after compinit
  hallpass completion fish > ~/.config/fish/completions/hallpass.fish

Exit codes: 0 done · 2 there is none for this shell.
`

/** `describe` resolves to all commands there are. */
export function createCompletionCommand(
  io: CliIo,
  describe: () => Promise<readonly CommandShape[]>,
): Command {
  const shells = new Argument('<SHELL>', 'which shell').choices(['bash', 'zsh', 'fish'])
  return new Command('completion')
    .description('Prints a script with which a shell completes commands and options.')
    .addArgument(shells)
    .addHelpText('after', HELP)
    .action(async (shell: Shell) => write(io.stdout, SCRIPTS[shell](await describe())))
}
