/**
 * Tells what happens and holds it against what should. Every answer that is printed was read from a response of the
 * server; one that is not as expected ends the story.
 */
import type { Writable } from 'node:stream'

export interface Expected {
  readonly status: number
  /** The error code in the answer's XML or problem document. */
  readonly code?: string
  readonly body?: string
}

export interface Story {
  chapter(title: string): void
  say(text: string): void
  /** Prints the answer and resolves to its body; throws `UnexpectedAnswer`. */
  expect(what: string, answer: Promise<Response>, expected: Expected): Promise<string>
}

export class UnexpectedAnswer extends Error {
  override readonly name: string = 'UnexpectedAnswer'
}

const WIDTH = 42

export function createStory(out: Writable): Story {
  let chapters = 0
  return {
    chapter: (title) => {
      chapters += 1
      out.write(`\n${chapters}. ${title}\n`)
    },
    say: (text) => {
      out.write(`   ${text}\n`)
    },
    expect: async (what, answer, expected) => {
      const response = await answer
      const body = await response.text()
      const { code, message } = findError(body)
      const line = `${response.status} ${code === null ? describe(response, body) : label(code, message)}`
      out.write(`   ${what.padEnd(WIDTH)} ${line}\n`)
      const isExpected =
        response.status === expected.status &&
        code === (expected.code ?? null) &&
        (expected.body === undefined || body === expected.body)
      if (isExpected) return body
      const wanted = [expected.status, expected.code].filter((part) => part !== undefined).join(' ')
      throw new UnexpectedAnswer(`${what}: expected ${wanted}, and the server answered ${line}.`)
    },
  }
}

/** Codes that stand for many things come with the sentence that says which. */
function label(code: string, message: string): string {
  return code === 'AccessDenied' ? `${code} (${message})` : code
}

interface FoundError {
  readonly code: string | null
  readonly message: string
}

/** The code and message of an S3 error or of a problem document; no code in any other body. */
function findError(body: string): FoundError {
  const xml = /<Code>([A-Za-z]+)<\/Code>\s*<Message>([^<]*)<\/Message>/.exec(body)
  if (xml !== null) return { code: xml[1] ?? null, message: xml[2] ?? '' }
  if (!body.startsWith('{"type"')) return { code: null, message: '' }
  const problem = JSON.parse(body) as { code?: string; detail?: string }
  return { code: problem.code ?? null, message: problem.detail ?? '' }
}

function describe({ headers, statusText }: Response, body: string): string {
  const type = headers.get('content-type') ?? ''
  return body === '' || type.includes('json') ? statusText : `"${body}"`
}
