import assert from 'node:assert/strict'
import { test } from 'node:test'
import { audit, parseAuditPolicy } from '@hallpass/signing/audit'
import { issue, put } from '../../support/core.ts'
import { useOf } from '../../support/events.ts'
import { startRest } from '../../support/rest.ts'

interface Line {
  readonly value: unknown
  readonly from: string | null
}

function linesOf(json: Record<string, unknown>): Record<string, Line> {
  return json['lines'] as Record<string, Line>
}

test('the policy of a folder says each line that holds, and which folder says it', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/policy', { json: { policy: { maxUses: 9 }, reason: 'house rules' } })
  await rest.call('PUT', '/v1/folders/acme/policy', { json: { policy: { maxBytes: 1000 } } })
  const put = await rest.call('PUT', '/v1/folders/acme/a%20b/policy', {
    json: {
      preset: 'strict',
      policy: { maxBytes: 10, defaultDownloadSeconds: 30 },
      reason: 'small',
    },
  })
  assert.equal(put.status, 200)
  const got = await rest.call('GET', '/v1/folders/acme/a%20b/policy')
  assert.deepEqual(got.json, put.json)
  assert.equal(got.json['path'], 'acme/a b/')
  const lines = linesOf(got.json)
  assert.deepEqual(lines['maxBytes'], { value: 10, from: 'acme/a b/' })
  assert.deepEqual(lines['maxUses'], { value: 9, from: 'instance' })
  assert.deepEqual(lines['requireIp'], { value: false, from: null })
  assert.deepEqual(lines['defaultDownloadSeconds'], { value: 30, from: 'acme/a b/' })
  assert.deepEqual(lines['methods'], { value: ['GET', 'PUT', 'POST'], from: 'acme/a b/' })
  assert.equal(got.json['version'], 1)
  assert.equal(got.json['reason'], 'small')
  const instance = await rest.call('GET', '/v1/policy')
  assert.deepEqual(instance.json['policy'], { maxUses: 9 })
  assert.deepEqual(linesOf(instance.json)['maxUses'], { value: 9, from: 'instance' })
})

test('the policy of a folder says how full the quotas above are, the nearest first', async (t) => {
  const rest = await startRest(t)
  const put = async (folder: string, policy: object): Promise<void> => {
    const { status } = await rest.call('PUT', `/v1/folders/${folder}/policy`, { json: { policy } })
    assert.equal(status, 200)
  }
  await put('acme', { maxTotalBytes: 100 })
  await put('acme/a', { maxFiles: 3 })
  await rest.call('PUT', '/v1/files?path=acme/a/b/x.txt', { body: 'hello' })
  await rest.call('PUT', '/v1/files?path=acme/y.txt', { body: 'you' })
  const { json } = await rest.call('GET', '/v1/folders/acme/a/b/policy')
  assert.deepEqual(json['quotas'], [
    { from: 'acme/a/', maxTotalBytes: null, maxFiles: 3, usedBytes: 5, usedFiles: 1 },
    { from: 'acme/', maxTotalBytes: 100, maxFiles: null, usedBytes: 8, usedFiles: 2 },
  ])
  assert.deepEqual((await rest.call('GET', '/v1/policy')).json['quotas'], [])
})

test('a policy leaves the visibility, and each change is kept with who and why', async (t) => {
  const rest = await startRest(t)
  const folder = '/v1/folders/acme/pub'
  await rest.call('PUT', folder, { json: { visibility: 'public', reason: 'brochures' } })
  await rest.call('PUT', `${folder}/policy`, { json: { policy: { maxBytes: 9 } } })
  assert.equal((await rest.call('GET', folder)).json['visibility'], 'public')
  await rest.call('DELETE', folder)
  const first = await rest.call('GET', `${folder}/policy/changes?limit=2`)
  const changes = first.json['changes'] as Record<string, unknown>[]
  const me = (await rest.call('GET', '/v1/me')).json['id']
  assert.deepEqual(
    changes.map(({ version, removed, changedBy }) => [version, removed, changedBy]),
    [
      [3, true, me],
      [2, false, me],
    ],
  )
  const cursor = String(first.json['nextCursor'])
  const second = await rest.call('GET', `${folder}/policy/changes?limit=2&cursor=${cursor}`)
  const [oldest] = second.json['changes'] as Record<string, unknown>[]
  assert.deepEqual([oldest?.['version'], oldest?.['reason']], [1, 'brochures'])
  assert.equal(second.json['nextCursor'], null)
  const wrong = await rest.call('GET', `${folder}/policy/changes?cursor=eHg`)
  assert.equal(wrong.json['field'], 'cursor')
})

test('unknown lines, lines that loosen and contradictions are refused with the line', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/folders/acme/policy', { json: { policy: { maxBytes: 10 } } })
  const rows: readonly [object, string][] = [
    [{ policy: { maxSize: 1 } }, 'policy.maxSize'],
    [{ reason: 'forgotten' }, 'policy'],
    [{ policy: { maxBytes: 11 } }, 'policy.maxBytes'],
    [{ policy: { minBytes: 11 } }, 'policy.minBytes'],
    [{ policy: { methods: ['GET', 'HEAD'] } }, 'policy.methods.1'],
    [{ policy: { methods: ['GET', 'GET'] } }, 'policy.methods'],
    [{ policy: { contentTypes: ['png'] } }, 'policy.contentTypes.0'],
    [{ preset: 'lax' }, 'preset'],
    [{ preset: 'open' }, 'policy.reasonOverSeconds'],
  ]
  for (const [json, field] of rows) {
    const answer = await rest.call('PUT', '/v1/folders/acme/a/policy', { json })
    assert.equal(answer.status, 400, field)
    assert.equal(answer.json['field'], field)
  }
})

test('a folder whose own name is policy is written with a slash at its end', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/folders/acme/policy/', { json: { visibility: 'public' } })
  const folder = await rest.call('GET', '/v1/folders/acme/policy/')
  assert.deepEqual([folder.json['path'], folder.json['visibility']], ['acme/policy/', 'public'])
  const bucket = await rest.call('PUT', '/v1/folders/policy', { json: {} })
  assert.equal(bucket.json['path'], 'policy/')
  const policy = await rest.call('GET', '/v1/folders/acme/policy')
  assert.deepEqual([policy.json['path'], policy.json['version']], ['acme/', 0])
})

test('a preview lists the links that would be refused, page by page', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/files?path=acme/x.txt', { body: 'x' })
  for (let count = 0; count < 3; count += 1) {
    await rest.call('POST', '/v1/links', { json: { path: 'acme/x.txt' } })
  }
  const preview = (json: object) => rest.call('POST', '/v1/folders/acme/policy/preview', { json })
  const first = await preview({ policy: { requireIp: true }, limit: 2 })
  const refused = first.json['refused'] as Record<string, unknown>[]
  assert.equal(first.json['examined'], 2)
  assert.equal(refused.length, 2)
  assert.equal(refused[0]?.['rule'], 'folder-addresses')
  assert.match(String(refused[0]?.['detail']), /^requireIp: the policy of acme\//)
  const rest2 = await preview({
    policy: { requireIp: true },
    limit: 2,
    cursor: first.json['nextCursor'],
  })
  assert.equal((rest2.json['refused'] as unknown[]).length, 1)
  assert.deepEqual((await preview({ preset: 'standard' })).json['refused'], [])
  const everywhere = await rest.call('POST', '/v1/policy/preview', {
    json: { policy: { methods: [] } },
  })
  assert.equal((everywhere.json['refused'] as unknown[]).length, 3)
})

test('a file comes without a URL where its folder wants more of a link, and its content says why', async (t) => {
  const rest = await startRest(t)
  const put = await rest.call('PUT', '/v1/files?path=acme/x.txt', { body: 'x' })
  await rest.call('PUT', '/v1/folders/acme/policy', { json: { policy: { maxUses: 1 } } })
  const id = String(put.json['id'])
  assert.equal((await rest.call('GET', `/v1/files/${id}`)).json['signedUrl'], undefined)
  const content = await rest.call('GET', `/v1/files/${id}/content`)
  assert.equal(content.status, 403)
  assert.deepEqual([content.json['code'], content.json['field']], ['policy-refused', 'maxUses'])
})

test('the presets are policies that the instance takes as they are', async (t) => {
  const rest = await startRest(t)
  const presets = (await rest.call('GET', '/v1/policy/presets')).json
  for (const [name, policy] of Object.entries(presets)) {
    const put = await rest.call('PUT', '/v1/policy', { json: { preset: name } })
    assert.equal(put.status, 200, name)
    assert.deepEqual(put.json['policy'], policy)
  }
})

test('what the server says of a folder is what an audit holds a log against', async (t) => {
  const rest = await startRest(t)
  const uploaded = await rest.call('PUT', '/v1/files?path=acme/x.txt', { body: 'x' })
  assert.equal(uploaded.status, 201)
  const issued = await rest.call('POST', '/v1/links', {
    json: { path: 'acme/x.txt', expiresIn: 600 },
  })
  const found = async (policy: object): Promise<string[]> => {
    await rest.call('PUT', '/v1/folders/acme/policy', { json: { policy } })
    const { json } = await rest.call('GET', '/v1/folders/acme/policy')
    const findings = audit(
      { path: 'access.log', text: `GET ${String(issued.json['url'])}` },
      { policy: { ...parseAuditPolicy(json), requireHttps: false }, now: new Date() },
    )
    // That it stands in a log at all is another matter.
    return findings.map(({ ruleId }) => ruleId).filter((rule) => rule > 'HP002')
  }
  assert.deepEqual(await found({}), [])
  assert.deepEqual(await found({ maxDownloadSeconds: 599 }), ['HP003'])
})

test('what a change of a folder does not name stays, and null takes it away', async (t) => {
  const rest = await startRest(t)
  const put = async (json: object): Promise<readonly [unknown, unknown]> => {
    const answer = await rest.call('PUT', '/v1/folders/acme/x', { json })
    assert.equal(answer.status, 200, answer.text)
    return [answer.json['visibility'], answer.json['policy']]
  }
  assert.deepEqual(await put({ policy: { maxBytes: 5 } }), ['private', { maxBytes: 5 }])
  assert.deepEqual(await put({ visibility: 'public' }), ['public', { maxBytes: 5 }])
  assert.deepEqual(await put({ policy: { minBytes: 1 } }), ['public', { minBytes: 1 }])
  assert.deepEqual(await put({}), ['public', { minBytes: 1 }])
  assert.deepEqual(await put({ visibility: null }), ['private', { minBytes: 1 }])
  assert.deepEqual(await put({ policy: null }), ['private', {}])
})

test('a folder that is looser than one above by now may still change its visibility', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/folders/acme/x', { json: { policy: { maxBytes: 100 } } })
  await rest.call('PUT', '/v1/folders/acme', { json: { policy: { maxBytes: 10 } } })
  const change = { json: { visibility: 'public' } }
  assert.equal((await rest.call('PUT', '/v1/folders/acme/x', change)).status, 200)
})

test('a preview says which of the last week’s requests a policy would have refused, and which it cannot judge', async (t) => {
  const rest = await startRest(t)
  const { core } = rest
  await put(core, 'a/x.txt', 'x')
  await put(core, 'b/x.txt', 'x')
  const short = await issue(core, 'a/x.txt', { method: 'GET', expiresInSeconds: 60 })
  const long = await issue(core, 'a/x.txt', { method: 'GET', expiresInSeconds: 3600 })
  const elsewhere = await issue(core, 'b/x.txt', { method: 'GET', expiresInSeconds: 3600 })
  const now = core.clock.now()
  const used = (
    linkId: string | null,
    path: string,
    change: { count?: number; at?: number } = {},
  ) => ({
    ...useOf({ linkId, at: now }),
    path,
    ...change,
  })
  await core.catalog.events.append([
    used(long.id, 'acme/a/x.txt', { at: now - 8 * 86_400_000, count: 9 }),
    used(short.id, 'acme/a/x.txt', { at: now - 6 * 86_400_000 }),
    used(long.id, 'acme/a/x.txt', { at: now - 5 * 86_400_000, count: 2 }),
    used(long.id, 'acme/a/x.txt', { at: now - 1000 }),
    used(elsewhere.id, 'acme/b/x.txt'),
    used(null, 'acme/a/x.txt', { count: 4 }),
    used('link_unknown', 'acme/a/x.txt'),
  ])
  const preview = async (folder: string, policy: object, cursor?: string): Promise<unknown> => {
    const json = { policy, ...(cursor === undefined ? { limit: 1 } : { cursor }) }
    const answer = await rest.call('POST', `/v1/folders/${folder}/policy/preview`, { json })
    assert.equal(answer.status, 200, answer.text)
    return answer.json['requests']
  }
  const since = new Date(now - 7 * 86_400_000).toISOString()
  const refused = {
    link: long.id,
    path: 'acme/a/x.txt',
    requests: 3,
    lastAt: new Date(now - 1000).toISOString(),
    rule: 'folder-longest-life',
    detail: 'X-Amz-Expires: at most 600 seconds. The folder allows no longer life.',
  }
  const counts = { since, examined: 4, unjudged: 5, complete: true }
  assert.deepEqual(await preview('acme/a', { maxDownloadSeconds: 600 }), {
    ...counts,
    refused: [refused],
  })
  assert.deepEqual(await preview('acme/a', { maxDownloadSeconds: 3600 }), {
    ...counts,
    refused: [],
  })
  const { requests } = (
    await rest.call('POST', '/v1/policy/preview', { json: { policy: { methods: ['PUT'] } } })
  ).json as { requests: { refused: { link: string; requests: number }[]; examined: number } }
  assert.deepEqual(
    requests.refused.map(({ link, requests: count }) => [link, count]),
    [
      [long.id, 3],
      [elsewhere.id, 1],
      [short.id, 1],
    ],
  )
  // With the first page alone.
  const first = await rest.call('POST', '/v1/policy/preview', { json: { policy: {}, limit: 1 } })
  assert.equal(await preview('acme/a', {}, String(first.json['nextCursor'])), null)
})
