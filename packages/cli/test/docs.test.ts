import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import { AWS_ENV, run } from './run-cli.ts'

const text = ['cli', 'detect']
  .map((name) => readFileSync(new URL(`../../../docs/${name}.md`, import.meta.url), 'utf8'))
  .join('\n')

interface Example {
  readonly command: string
  readonly output: string
}

function readExamples(): Example[] {
  return [...text.matchAll(/^```console\n\$ (.*)\n([^]*?)^```$/gm)].map((match) => ({
    command: match[1] ?? '',
    output: match[2] ?? '',
  }))
}

/** Words as a shell would split them: blanks and single quotes are all the examples use. */
function splitWords(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '')
}

/** The answer of `explain` in its parts that stay when a sentence is written better. */
function stable(output: string): unknown {
  if (!output.startsWith('{"dialect"')) return output
  const { dialect, signature, causes } = JSON.parse(output) as {
    dialect: string
    signature: string
    causes: { code: string }[]
  }
  return { dialect, signature, codes: causes.map(({ code }) => code) }
}

suite('the examples of docs/cli.md and docs/detect.md', () => {
  const examples = readExamples()

  test('there is one for every offline command', () => {
    for (const name of ['sign', 'verify', 'explain', 'detect', 'redact', 'audit']) {
      assert.ok(
        examples.some(({ command }) => command.includes(`hallpass ${name}`)),
        name,
      )
    }
  })

  for (const { command, output } of examples) {
    test(command.slice(0, 60), async () => {
      const [before, after] = command.includes(' | ') ? command.split(' | ') : ['', command]
      const stdin =
        before === ''
          ? ''
          : `${splitWords(before ?? '')
              .slice(1)
              .join(' ')}\n`
      const [, ...argv] = splitWords(after ?? '')
      const { stdout } = await run(argv, { env: AWS_ENV, stdin })
      assert.deepEqual(stable(stdout), stable(output))
    })
  }
})
