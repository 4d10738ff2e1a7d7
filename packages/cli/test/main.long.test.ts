import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { suite, test } from 'node:test'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const ARGUMENTS = ['--conditions=@hallpass/source', '--disable-warning=ExperimentalWarning', MAIN]

suite('the process', () => {
  test('redact passes each line on while its input stays open', async () => {
    const child = spawn(process.execPath, [...ARGUMENTS, 'redact'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const seen = once(child.stdout, 'data') as Promise<[Buffer]>
    child.stdin.write('GET /a?sig=abcdefgh12345&x=1\n')
    const [chunk] = await seen
    assert.equal(chunk.toString(), 'GET /a?sig=[redacted]&x=1\n')
    child.stdin.end()
    const [code] = (await once(child, 'close')) as [number]
    assert.equal(code, 0)
  })

  test('a reader that goes away ends the command quietly', async () => {
    const child = spawn(process.execPath, [...ARGUMENTS, 'redact'], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    let problem = ''
    child.stderr.on('data', (chunk: Buffer) => {
      problem += chunk.toString()
    })
    child.stdin.on('error', () => undefined)
    const closed = once(child, 'close') as Promise<[number]>
    child.stdin.write('first\n')
    await once(child.stdout, 'data')
    child.stdout.destroy()
    const line = `${'x'.repeat(1023)}\n`.repeat(512)
    const feed = (): void => {
      if (child.exitCode === null && child.stdin.writable) child.stdin.write(line, feed)
    }
    feed()
    const [code] = await closed
    assert.equal(code, 0)
    assert.equal(problem, '')
  })

  test('a usage error exits with 2', async () => {
    const child = spawn(process.execPath, [...ARGUMENTS, 'nonsense'], { stdio: 'ignore' })
    const [code] = (await once(child, 'close')) as [number]
    assert.equal(code, 2)
  })
})
