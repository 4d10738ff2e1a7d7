/**
 * `hallpass detect`: says what a signed URL says of itself. Verifies nothing and needs no key.
 *
 * @module
 */
import { createInterface } from 'node:readline'
import { Command } from 'commander'
import { detect } from '@hallpass/signing/detect'
import type { Detection } from '@hallpass/signing/detect'
import { CliError, EXIT } from '../io.ts'
import type { CliIo } from '../io.ts'
import { parseMoment } from '../option-values.ts'
import { formatFacts, write, writeJsonLine } from '../output.ts'
import { openInput } from '../read-input.ts'
import { typedUrl } from '../typed-url.ts'

const HELP = `
Examples:
  hallpass detect 'https://account.blob.core.windows.net/c/b?sv=…&sig=…'
  hallpass detect --json < urls.txt

Exit codes: 0 recognised · 1 no signature of a known dialect · 2 the command line cannot be used.
`

interface DetectOptions {
  readonly now?: Date
  readonly json?: boolean
}

export function createDetectCommand(io: CliIo): Command {
  return new Command('detect')
    .description(
      'Says what a signed URL grants, to whom, from when until when, and which parts of it are secret.',
    )
    .argument('[url]', "the URL; '-' and none at all read URLs from standard input, one a line")
    .option('--now <time>', 'the moment to compare with (ISO 8601)', parseMoment)
    .option('--json', 'one line of JSON for each URL')
    .addHelpText('after', HELP)
    .action(async (typed: string | undefined, options: DetectOptions) => {
      const url = typedUrl(io, typed, 'give its lines on standard input, with <.')
      if (url !== undefined) {
        await answer(io, url, options)
        return
      }
      let count = 0
      const lines = createInterface({ input: await openInput(io, '-'), crlfDelay: Infinity })
      for await (const line of lines) {
        if (line.trim() === '') continue
        count += 1
        await answer(io, line.trim(), options)
      }
      if (count === 0)
        throw new CliError('nothing to read: give a URL, or one a line on standard input.')
    })
}

async function answer(io: CliIo, url: string, options: DetectOptions): Promise<void> {
  const detection = detect(url)
  if (detection === null) io.exitCode = EXIT.negative
  if (options.json === true) {
    await writeJsonLine(io.stdout, detection)
    return
  }
  const text =
    detection === null
      ? 'no signature of a known dialect\n'
      : describeDetection(detection, options.now ?? io.now())
  await write(io.stdout, text)
}

/** The detection for people. */
export function describeDetection(detection: Detection, now: Date): string {
  const { dialect, scheme, methods, resource, audience, startsAt, expiresAt } = detection
  const facts = formatFacts([
    [
      'opens',
      `${methods.join(', ') || 'the method it was signed for'} on ${resource.text} (${resource.scope})`,
    ],
    ['from', startsAt?.toISOString() ?? null],
    [
      'until',
      expiresAt === null
        ? 'no end it names'
        : `${expiresAt.toISOString()} (${describeLife(expiresAt, now)})`,
    ],
    ['for', describeAudience(audience)],
    ['key', detection.keyId],
    ['headers', detection.signedHeaders.join(', ') || null],
    ['secret', detection.secrets.join(', ') || null],
  ])
  const issues = detection.issues.map(({ code, what }) => `  ${code}: ${what}\n`)
  return `${dialect}, ${scheme}, in the ${detection.form}\n${facts}${issues.join('')}`
}

function describeLife(expiresAt: Date, now: Date): string {
  const seconds = Math.round((expiresAt.getTime() - now.getTime()) / 1000)
  const size = Math.abs(seconds)
  const amount =
    size < 120
      ? `${size} s`
      : size < 7200
        ? `${Math.round(size / 60)} min`
        : size < 172_800
          ? `${Math.round(size / 3600)} h`
          : `${Math.round(size / 86_400)} days`
  return seconds < 0 ? `over since ${amount}` : `${amount} left`
}

function describeAudience(audience: Detection['audience']): string {
  const parts = [
    audience.ip === null ? 'everybody' : audience.ip,
    audience.protocol === 'https' ? 'https only' : null,
    audience.principal === null ? null : `as ${audience.principal}`,
  ]
  return parts.filter((part) => part !== null).join(', ')
}
