/**
 * `hallpass redact`: takes signatures and tokens out of what passes through. Every line leaves as soon as it is
 * complete, and a slow reader slows the input down.
 *
 * @module
 */
import type { Readable } from 'node:stream'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Command } from 'commander'
import { REDACTED, createRedactor } from '@hallpass/signing/redact'
import { createRedactStream } from '@hallpass/signing/redact-node'
import { CliError, EXIT } from '../io.ts'
import type { CliIo } from '../io.ts'
import { writeJsonLine } from '../output.ts'
import { openInput, unreadable } from '../read-input.ts'

const HELP = `
Takes out signatures, tokens and keys of S3, Google Cloud Storage, Azure, CloudFront, Cloud CDN, Media CDN, Akamai, Bunny,
Cloudflare, Edgio, nginx, Swift, OSS, COS, Imgix, Laravel, HTTP message signatures, Hallpass, and of every other service that
'hallpass detect' knows, in URLs, headers, cookies, JSON, XML and forms, however they are encoded. The rest of each line stays.

Examples:
  tail -f access.log | hallpass redact
  hallpass redact access.log error.log > shareable.log
  hallpass redact --json *.log        # only count, one line of JSON for each file

Exit codes: 0 done · 2 the command line cannot be used · 3 a file cannot be read.
`

export function createRedactCommand(io: CliIo): Command {
  return new Command('redact')
    .description('Takes signatures and tokens out of text, from files or standard input.')
    .argument('[files...]', "files in turn; '-' and none at all are standard input")
    .option('--json', 'write no text; report how many secrets each file holds')
    .addHelpText('after', HELP)
    .action(async (files: string[], options: { json?: boolean }) => {
      for (const file of files.length === 0 ? ['-'] : files) {
        const input = await openInput(io, file)
        if (options.json === true) await writeJsonLine(io.stdout, await count(file, input))
        else await pass(io, file, input)
      }
    })
}

async function pass(io: CliIo, file: string, input: Readable): Promise<void> {
  try {
    await pipeline(input, createRedactStream(Transform), io.stdout, { end: false })
  } catch (error) {
    throw translate(file, error)
  }
}

function translate(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  // A reader that goes away, as 'head' does, ends the command without a word.
  if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return new CliError('the reader has gone.', EXIT.ok)
  }
  return unreadable(file, error)
}

interface Count {
  readonly file: string
  readonly bytes: number
  readonly secrets: number
}

async function count(file: string, input: Readable): Promise<Count> {
  const redactor = createRedactor()
  let bytes = 0
  let secrets = 0
  let before = 0
  const marks = (text: string): number => text.split(REDACTED).length - 1
  for await (const chunk of input) {
    const text = Buffer.from(chunk as Uint8Array | string).toString('latin1')
    bytes += text.length
    before += marks(text)
    secrets += marks(redactor.push(text))
  }
  secrets += marks(redactor.flush())
  return { file, bytes, secrets: secrets - before }
}
