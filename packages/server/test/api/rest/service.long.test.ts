/** What every route logs. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LOG_LEVELS, createLog } from '../../../src/platform/log.ts'
import { ROUTES } from '../../../src/api/rest/routes.ts'
import { startRest } from '../../support/rest.ts'

test('no secret and no signature reaches the log, at any level, whatever is sent', async (t) => {
  for (const level of LOG_LEVELS) {
    let logged = ''
    const log = createLog(level, {
      write: (line) => {
        logged += line
      },
    })
    const rest = await startRest(t, () => ({ log }))
    const secrets = new Set([rest.adminKey])
    const made = await rest.call('POST', '/v1/api-keys', { json: { name: 'n', actions: ['read'] } })
    secrets.add(String(made.json['key']))
    const pair = await rest.call('POST', '/v1/access-keys', {
      json: { name: 'n', actions: ['read'] },
    })
    secrets.add(String(pair.json['secretAccessKey']))
    await rest.call('PUT', '/v1/files?path=acme/a.txt', { body: 'x' })
    const link = await rest.call('POST', '/v1/links', { json: { path: 'acme/a.txt' } })
    secrets.add(new URL(String(link.json['url'])).searchParams.get('X-Amz-Signature') ?? '')
    const canary = 'c4n4ry0123456789'
    secrets.add(canary)
    for (const { method, path, access } of ROUTES) {
      const target = path.replace(/\{\w+\}/, canary)
      const answer = await rest.call(
        method,
        `${target}?X-Amz-Signature=${canary}&x-amz%2Dsignature=${canary}`,
        {
          key: `hp_${canary}`,
          headers: { cookie: canary, 'x-amz-security-token': canary },
          ...(method === 'GET' ? {} : { body: `{"${canary}": "${canary}"}` }),
        },
      )
      assert.ok(access === 'anyone' || answer.status >= 400, `${method} ${path} ${answer.status}`)
      if (!path.startsWith('/-/docs'))
        assert.ok(!answer.text.includes(canary), `${method} ${path}: ${answer.text}`)
    }
    for (const secret of secrets) {
      assert.ok(secret.length > 10)
      assert.ok(!logged.includes(secret), `a secret is in the log at ${level}`)
    }
    if (['trace', 'debug', 'info'].includes(level)) assert.match(logged, /"operation":"createLink"/)
  }
})
