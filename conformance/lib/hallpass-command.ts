/** The command `hallpass` as tests start it: made into one program by scripts/test.ts, or from the sources. */
import process from 'node:process'

/** What Node is given to run it, before the command's own words. */
export function hallpassCommand(nodeArguments: readonly string[] = []): string[] {
  const program = process.env['HALLPASS_TEST_PROGRAM']
  return program === undefined
    ? ['--conditions=@hallpass/source', ...nodeArguments, 'packages/cli/src/main.ts']
    : [...nodeArguments, program]
}
