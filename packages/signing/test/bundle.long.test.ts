import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const SOURCE = fileURLToPath(new URL('../src', import.meta.url))

async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: SOURCE, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

test('presignS3 alone takes at most 15 KiB of a browser’s bundle', async () => {
  const text = await bundle("export { presignS3 } from './s3.ts'")
  assert.ok(Buffer.byteLength(text) <= 15 * 1024, `${Buffer.byteLength(text)} bytes`)
})

test('a bundle holds the hashes it uses and no others', async () => {
  const holds = async (entry: string): Promise<readonly string[]> => {
    const text = await bundle(entry)
    return ['md5', 'sha1', 'sha256', 'sha512'].filter((name) => text.includes(`name:"${name}"`))
  }
  assert.deepEqual(await holds("export { createS3Signer, createS3Verifier } from './s3.ts'"), [
    'sha256',
  ])
  assert.deepEqual(await holds("export * from './azure.ts'"), ['sha256'])
  assert.deepEqual(await holds("export { verifyNginx } from './nginx.ts'"), ['md5'])
  assert.deepEqual(await holds("export * from './cloud-cdn.ts'"), ['sha1'])
})

test('what only detects takes at most 48 KiB of a browser’s bundle, without the search for causes', async () => {
  const text = await bundle("export { detect } from './detect.ts'")
  assert.ok(Buffer.byteLength(text) <= 48 * 1024, `${Buffer.byteLength(text)} bytes`)
})
