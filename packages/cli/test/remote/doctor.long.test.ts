/** `hallpass doctor` against a real server, and against one that something stands before which spoils what it says. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { after, before, suite, test } from 'node:test'
import { CHECKLIST_ITEMS } from '../../src/remote/doctor/checklist-items.ts'
import { withServer } from './with-server.ts'

interface Item {
  readonly id: string
  readonly number: number | null
  readonly title: string
  readonly status: string
  readonly findings: readonly { readonly id: string; readonly status: string }[]
}

function statusesOf(items: readonly Item[]): Record<string, string> {
  return Object.fromEntries(
    items.flatMap(({ findings }) => findings.map(({ id, status }) => [id, status])),
  )
}

suite('hallpass doctor', () => {
  const { url, adminKey, hallpass, call } = withServer()

  async function examine(...words: string[]): Promise<{ exitCode: number; items: Item[] }> {
    const { exitCode, stdout, stderr } = await hallpass(['doctor', '--json', ...words])
    assert.notEqual(stdout, '', stderr)
    return { exitCode, items: (JSON.parse(stdout) as { items: Item[] }).items }
  }

  test('has the items of the server, in its order', async () => {
    const answer = (await (await call('GET', '/v1/checklist')).json()) as { items: Item[] }
    const items = answer.items.map(({ id, number, title }) => ({ id, number, title }))
    assert.deepEqual(items, [...CHECKLIST_ITEMS])
  })

  test('finds of a new server what is to be done, and nothing wrong with what it does by itself', async () => {
    const { exitCode, items } = await examine()
    assert.equal(exitCode, 1)
    const failed = Object.entries(statusesOf(items)).filter(([, status]) => status === 'failed')
    assert.deepEqual(failed.map(([id]) => id).toSorted(), ['presigned-delete', 'presigned-lives'])
    const skipped = Object.entries(statusesOf(items)).filter(([, status]) => status === 'skipped')
    assert.deepEqual(skipped, [])
    assert.ok(items.every(({ findings }) => findings.length > 0))
  })

  test('does as it says: what it tells to do takes the failures away', async () => {
    const policy = {
      maxDownloadSeconds: 86_400,
      maxUploadSeconds: 86_400,
      methods: ['GET', 'PUT', 'POST'],
    }
    await call('PUT', '/v1/policy', { policy, reason: 'the doctor said so' })
    const { exitCode, items } = await examine()
    assert.deepEqual(
      items.filter(({ status }) => status === 'failed'),
      [],
    )
    assert.equal(exitCode, 0)
    assert.equal((await examine('--strict')).exitCode, 1)
  })

  test('leaves nothing behind, and with --no-probe touches nothing', async () => {
    const { buckets } = (await (await call('GET', '/v1/buckets')).json()) as { buckets: unknown[] }
    await examine()
    const after = (await (await call('GET', '/v1/buckets')).json()) as { buckets: unknown[] }
    assert.deepEqual(after.buckets, buckets)
    const { items } = await examine('--no-probe')
    assert.equal(statusesOf(items)['tampered'], undefined)
    assert.equal(statusesOf(items)['default-lives'], 'passed')
  })

  test('without a key tries what a stranger can', async () => {
    const { exitCode, stdout, stderr } = await hallpass(['doctor', url()], { env: {} })
    assert.equal(exitCode, 0)
    assert.match(stderr, /no key: tried what a stranger can/)
    assert.match(stdout, /^passed {4}7  Rights are looked at before a link is signed$/m)
    assert.match(stdout, /^skipped  11  Signing keys are rotated$/m)
  })

  test('says for people what failed and how to mend it, and with --verbose what passed', async () => {
    await call('PUT', '/v1/policy', { policy: { defaultDownloadSeconds: 7200 } })
    const { stdout } = await hallpass(['doctor', '--no-probe'])
    assert.match(stdout, /^FAILED {4}1  Links are short-lived[^]*?mend: .*hallpass policy set/m)
    assert.match(stdout, /\d+ passed, \d+ with advice, \d+ failed, \d+ not tried\n$/)
    const verbose = await hallpass(['doctor', '--no-probe', '--verbose'])
    assert.match(verbose.stdout, /ok: The signing key is no older than that\./)
  })

  test('a key that is no administrator is told so', async () => {
    const made = await call('POST', '/v1/api-keys', { name: 'narrow', actions: ['read'] })
    const { key } = (await made.json()) as { key: string }
    const env = { HALLPASS_URL: url(), HALLPASS_API_KEY: key }
    const { exitCode, stderr } = await hallpass(['doctor'], { env })
    assert.equal(exitCode, 2)
    assert.match(stderr, /admin/)
  })

  test('a server that is not there is a failure', async () => {
    const { exitCode, stderr } = await hallpass(['doctor', 'http://127.0.0.1:1'], { env: {} })
    assert.equal(exitCode, 3)
    assert.match(stderr, /cannot reach/)
  })

  suite('behind something that spoils what the server says', () => {
    let spoiled = ''
    /** Says yes to everything, takes headers away, repeats what was asked, and lets caches keep it. */
    const spoiler = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => void spoil(request, response, Buffer.concat(chunks)))
    })

    async function spoil(
      request: IncomingMessage,
      response: ServerResponse,
      body: Buffer,
    ): Promise<void> {
      const target = request.url ?? ''
      const isApi = target.startsWith('/v1/')
      const answer = await fetch(`${url()}${target}`, {
        method: request.method ?? 'GET',
        headers: {
          authorization: request.headers.authorization ?? '',
          ...(request.headers['content-type'] !== undefined && {
            'content-type': request.headers['content-type'],
          }),
        },
        redirect: 'manual',
        ...(body.length > 0 && { body: new Uint8Array(body) }),
      })
      const text = (await answer.text()).replaceAll(url(), spoiled)
      const headers = { 'content-type': answer.headers.get('content-type') ?? 'text/plain' }
      if (isApi) {
        response.writeHead(answer.status, headers).end(answer.status === 204 ? undefined : text)
        return
      }
      const kept = { ...headers, 'cache-control': 'public, max-age=86400', 'set-cookie': 'a=b' }
      response.writeHead(200, kept).end(answer.status === 200 ? text : `not found: ${target}`)
    }

    before(async () => {
      await new Promise<void>((resolve) => {
        spoiler.listen(0, '127.0.0.1', resolve)
      })
      const address = spoiler.address()
      assert.ok(address !== null && typeof address === 'object')
      spoiled = `http://127.0.0.1:${address.port}`
    })
    after(() => {
      spoiler.closeAllConnections()
      spoiler.close()
    })

    test('every check that looks from outside fails', async () => {
      const env = { HALLPASS_URL: spoiled, HALLPASS_API_KEY: adminKey() }
      const { exitCode, stdout } = await hallpass(['doctor', '--json'], { env })
      assert.equal(exitCode, 1)
      const statuses = statusesOf((JSON.parse(stdout) as { items: Item[] }).items)
      const broken = [
        'refusal-text',
        'refusal-headers',
        'unsigned',
        'tampered',
        'expired',
        'file-headers',
        'cache-control',
        'no-cookie',
        'other-method',
        'content',
        'revoked',
        'other-type',
        'too-large',
        'other-bytes',
      ]
      assert.deepEqual(
        Object.fromEntries(broken.map((id) => [id, statuses[id]])),
        Object.fromEntries(broken.map((id) => [id, 'failed'])),
      )
    })
  })
})
