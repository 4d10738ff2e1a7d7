/** The arguments every benchmark takes. */

export interface BenchArguments {
  readonly asJson: boolean
  readonly rounds: number
  readonly roundMs: number
  /** Only operations whose name has one of these in it; all of them if there is none. */
  readonly only: readonly string[]
}

/** `--json`, `--rounds=N`, `--round-ms=N`; whatever else is given picks operations by name. */
export function readArguments(argv: readonly string[]): BenchArguments {
  return {
    asJson: argv.includes('--json'),
    rounds: readNumber(argv, 'rounds') ?? 9,
    roundMs: readNumber(argv, 'round-ms') ?? 200,
    only: argv.filter((argument) => !argument.startsWith('--')),
  }
}

/** What stands behind the first `--flag=`, if there is one. */
export function readText(argv: readonly string[], flag: string): string | undefined {
  const given = argv.find((argument) => argument.startsWith(`--${flag}=`))
  return given?.slice(flag.length + 3)
}

/** The same, as a number. */
export function readNumber(argv: readonly string[], flag: string): number | undefined {
  const text = readText(argv, flag)
  return text === undefined ? undefined : Number(text)
}

export function isWanted({ only }: BenchArguments, name: string): boolean {
  return only.length === 0 || only.some((part) => name.includes(part))
}
