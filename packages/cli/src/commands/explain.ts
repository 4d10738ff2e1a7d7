/**
 * `hallpass explain`: says why a signed request fails, likeliest cause first.
 *
 * @module
 */
import { Command } from 'commander'
import { explain, formatExplanation } from '@hallpass/signing/explain'
import type { ExplainKey, ExplainableResponse } from '@hallpass/signing/explain'
import { CliError, EXIT } from '../io.ts'
import type { CliIo } from '../io.ts'
import { loadKeyRing } from '../keys/key-ring.ts'
import { collectHeader, parseMethod, parseMoment } from '../option-values.ts'
import type { NamedValue } from '../option-values.ts'
import { write, writeJsonLine } from '../output.ts'
import { parseStatus, readAnswer } from '../read-answer.ts'
import { readConnection } from '../remote/connection.ts'
import { askServer } from '../remote/explain-by-server.ts'
import type { WrittenRequest } from '../requests.ts'
import { isUnusable, readRequests } from '../requests.ts'
import { typedUrl } from '../typed-url.ts'

const HELP = `
A request is JSON: { "method", "url", "headers": [[name, value]], "body"?, "response"?: { "status", "headers", "body" } }.
One request, a list, or one a line, or command lines of curl as they were pasted; with --json the answers are one line each:
  { "dialect", "signature", "causes": [{ "code", "confidence", "what", "fix" }], "advice": [ … ] }   likeliest first
Every code has its paragraph in docs/explain.md. Without a key the signature cannot be checked, only everything around it.

Keys, for a deeper answer: --key-file, or --keys FILE with [{ "dialect", "id", "secret" | "publicKey", "sessionToken"? }], else HALLPASS_SECRET,
the AWS, Google and Azure variables and credential files. No secret, expected signature or usable URL is ever printed.

With --server a running Hallpass is asked: it has its own keys, the record of the link, the policy and the file at hand. The URL is sent there, and
kept nowhere. The API key comes from --key-file or HALLPASS_API_KEY, else from the profile that 'hallpass login' keeps for that server;
it needs the action share where the file lies, or admin.

Examples:
  hallpass explain 'https://b.s3.amazonaws.com/k?X-Amz-Algorithm=…'
  hallpass explain "$URL" --method put -H 'content-type: image/png' --answer answer.xml --status 403
  hallpass explain --request failed.json --keys keys.json
  hallpass explain --request - --json < failed.jsonl
  hallpass explain "$URL" --server https://files.example.com

Exit codes: 0 explained · 1 no known signature · 2 the command line or an input line cannot be used, or the server refuses · 3 a file cannot be read, or
the server cannot be reached.
`

interface ExplainOptions {
  readonly request?: string
  readonly method?: string
  readonly header?: readonly NamedValue[]
  readonly keys?: string
  readonly keyFile?: string
  readonly profile?: string
  readonly answer?: string
  readonly status?: number
  readonly ip?: string
  readonly now?: Date
  readonly server?: string
  readonly json?: boolean
}

interface KnownOptions extends ExplainOptions {
  readonly response?: ExplainableResponse
}

export function createExplainCommand(io: CliIo): Command {
  return new Command('explain')
    .description('Says why a signed URL or request fails, and what to change.')
    .argument('[url]', "the URL; '-' and none at all read requests from standard input")
    .option(
      '--request <file>',
      "requests as JSON, one document or one a line; '-' is standard input",
    )
    .option('--method <method>', 'the method the URL was used with', parseMethod)
    .option('-H, --header <header>', 'a header that was sent with the URL', collectHeader)
    .option('--ip <address>', 'the address it was used from')
    .option(
      '--answer <file>',
      "what the provider answered: the body, or all of it as 'curl -i' writes it",
    )
    .option('--status <number>', 'the status of the answer', parseStatus)
    .option('--keys <file>', 'keys to try, as JSON')
    .option('--key-file <file>', 'one secret to try, or one public key in PEM')
    .option('--profile <name>', 'a profile of ~/.aws/credentials')
    .option('--server <url>', 'ask this running server, whose request it is, with an API key')
    .option('--now <time>', 'when the request was made (ISO 8601)', parseMoment)
    .option('--json', 'one line of JSON for each request')
    .addHelpText('after', HELP)
    .action(async (typed: string | undefined, options: ExplainOptions) => {
      if (typed !== undefined && options.request !== undefined) {
        throw new CliError('give a URL or --request, not both.')
      }
      const url = typedUrl(io, typed, 'give it with --request.')
      const response = await responseOf(io, options)
      const known = { ...options, ...(response === null ? {} : { response }) }
      const answer = await createAnswer(io, known)
      if (url !== undefined) await answer(fromUrl(url, options))
      else await answerAll(io, known, answer)
    })
}

/** What is told of the answer beside the requests: it is that of each that has none of its own. */
async function responseOf(
  io: CliIo,
  { answer: path, status }: ExplainOptions,
): Promise<ExplainableResponse | null> {
  if (path !== undefined) return readAnswer(io, path, status)
  return status === undefined ? null : { status }
}

function fromUrl(url: string, { method, header, ip }: ExplainOptions): WrittenRequest {
  return {
    url,
    ...(ip === undefined ? {} : { clientIp: ip }),
    ...(method === undefined ? {} : { method }),
    ...(header === undefined ? {} : { headers: header }),
  }
}

type Answer = (request: WrittenRequest) => Promise<void>

/** By the word of the server that is named, or by what can be seen and the keys at hand. */
async function createAnswer(io: CliIo, options: KnownOptions): Promise<Answer> {
  const { server, keys: keysFile, now, json = false } = options
  if (server === undefined) {
    const keys = await loadKeyRing(io, options)
    return (request) => answerHere(io, request, keys, options)
  }
  if (keysFile !== undefined || now !== undefined) {
    throw new CliError('--server has keys and a clock of its own: leave out --keys and --now.')
  }
  const connection = await readConnection(io, { ...options, url: server })
  return async (request) => {
    const told = await askServer(connection, request, request.response ?? options.response)
    if (!told.isRecognised) sayUnrecognised(io)
    if (json) await writeJsonLine(io.stdout, told.answer)
    else await write(io.stdout, told.text)
  }
}

async function answerAll(io: CliIo, options: KnownOptions, answer: Answer): Promise<void> {
  let count = 0
  for await (const request of readRequests(io, options.request ?? '-', { takesCommands: true })) {
    count += 1
    if (isUnusable(request)) {
      io.exitCode = EXIT.usage
      io.stderr.write(
        `hallpass: line ${request.line} ${request.problem}; expected { "url": "…" }.\n`,
      )
      if (options.json === true)
        await writeJsonLine(io.stdout, { error: request.problem, line: request.line })
      continue
    }
    await answer(request)
  }
  if (count === 0)
    throw new CliError('nothing to explain: give a URL, or a request on standard input.')
}

async function answerHere(
  io: CliIo,
  request: WrittenRequest,
  keys: readonly ExplainKey[],
  options: KnownOptions,
): Promise<void> {
  const response = request.response ?? options.response
  const explanation = explain(request, {
    keys,
    now: options.now ?? io.now(),
    ...(response === undefined ? {} : { response }),
  })
  if (explanation.dialect === null) sayUnrecognised(io)
  if (options.json === true) await writeJsonLine(io.stdout, explanation)
  else await write(io.stdout, `${formatExplanation(explanation).trimEnd()}\n`)
}

function sayUnrecognised(io: CliIo): void {
  if (io.exitCode === EXIT.ok) io.exitCode = EXIT.negative
}
