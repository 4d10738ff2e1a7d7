import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { CliError, EXIT } from '../src/io.ts'
import { loadWithServer } from '../src/load-with-server.ts'
import { readVersion } from '../src/version.ts'

function notFound(name: string): () => Promise<never> {
  const error = Object.assign(new Error(`Cannot find package '${name}' imported from serve.js`), {
    code: 'ERR_MODULE_NOT_FOUND',
  })
  return () => Promise.reject(error)
}

suite('what stands on the server', () => {
  test('is loaded where the server is installed', async () => {
    assert.equal(await loadWithServer('serve', () => Promise.resolve('module')), 'module')
  })

  test('says which command installs the server where it is not', async () => {
    const refusal = await loadWithServer('serve', notFound('@hallpass/server')).catch(
      (error: unknown) => error,
    )
    assert.ok(refusal instanceof CliError)
    assert.equal(refusal.exitCode, EXIT.usage)
    const version = readVersion()
    assert.match(refusal.message, /^serve needs the package @hallpass\/server, which is not /)
    assert.ok(
      refusal.message.includes(`npm install hallpass@${version} @hallpass/server@${version}\n`),
    )
    assert.match(refusal.message, / hallpass serve$/)
  })

  test('does not speak of the server where another package is missing', async () => {
    const load = notFound('better-sqlite3')
    await assert.rejects(loadWithServer('serve', load), /Cannot find package 'better-sqlite3'/)
  })
})
