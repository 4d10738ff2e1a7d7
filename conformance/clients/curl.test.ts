/** curl --aws-sigv4: for those who have nothing else. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { putFile } from '../lib/put-files.ts'
import { testCommandLine } from './harness/command-line.ts'
import type { CommandLine } from './harness/command-line.ts'
import { digestOfFile, digestsOfBucket, listKeys, sortDigests } from './harness/digests.ts'
import { encodeKey } from './harness/encode-key.ts'

// Before version 8 curl sends no digest of the body by itself, and S3 wants one.
const UNSIGNED = 'x-amz-content-sha256: UNSIGNED-PAYLOAD'

function signed({ server }: CommandLine): string[] {
  const { accessKeyId, secretAccessKey } = server.credentials
  const scope = `aws:amz:${server.region}:s3`
  const user = `${accessKeyId}:${secretAccessKey}`
  return ['-sS', '--fail-with-body', '--aws-sigv4', scope, '--user', user, '-H', UNSIGNED]
}

function address({ server }: CommandLine, key: string): string {
  return `${server.origin}/files/${encodeKey(key)}`
}

testCommandLine({
  name: 'curl',
  needed: ['curl'],
  settings: () => ({}),
  server: { virtualHostDomain: 'localhost' },
  checks: {
    'makes, lists and removes a bucket': async (line) => {
      const bucket = `${line.server.origin}/made-here`
      await line.run('curl', ...signed(line), '-X', 'PUT', bucket)
      assert.match(
        await line.run('curl', ...signed(line), `${line.server.origin}/`),
        /<Name>made-here<\/Name>/,
      )
      await line.run('curl', ...signed(line), '-X', 'DELETE', bucket)
    },
    'puts with Expect: 100-continue and gets every size': async (line) => {
      const down: [string, string][] = []
      for (const name of Object.keys(line.sizeDigests)) {
        const url = address(line, `s/${name}`)
        const target = line.fresh(`down-${name}`)
        const expecting = ['-H', 'Expect: 100-continue', '-T', join(line.sizes, name)]
        await line.run('curl', ...signed(line), ...expecting, url)
        await line.run('curl', ...signed(line), '-o', target, url)
        down.push([name, await digestOfFile(target)])
      }
      assert.deepEqual(await digestsOfBucket(line.server, 'files', 's/'), line.sizeDigests)
      assert.deepEqual(sortDigests(down), line.sizeDigests)
    },
    'puts and gets 60 nasty names': async (line) => {
      for (const name of Object.keys(line.nastyDigests)) {
        const url = address(line, `n/${name}`)
        const target = line.fresh('down')
        const file = join(line.nasty, name)
        // `-T` would add the name of the file to a URL that ends with a slash; none does here.
        await line.run('curl', ...signed(line), '-g', '-X', 'PUT', '--data-binary', `@${file}`, url)
        await line.run('curl', ...signed(line), '-g', '-o', target, url)
        assert.equal(await digestOfFile(target), line.nastyDigests[name], name)
      }
      assert.deepEqual(await digestsOfBucket(line.server, 'files', 'n/'), line.nastyDigests)
    },
    'asks for a range and for the head alone': async (line) => {
      await putFile(line.server, { bucket: 'files', key: 'ten' }, '0123456789')
      const url = address(line, 'ten')
      assert.equal(await line.run('curl', ...signed(line), '-r', '2-4', url), '234')
      assert.match(await line.run('curl', ...signed(line), '-I', url), /content-length: 10/i)
    },
    'lists with the parameters in order': async (line) => {
      const url = `${line.server.origin}/files?list-type=2&prefix=ten`
      assert.match(await line.run('curl', ...signed(line), url), /<Key>ten<\/Key>/)
    },
    'finds a bucket by the name of the host, which it resolves by itself': async (line) => {
      const url = `http://files.localhost:${line.server.port}/ten`
      assert.equal(await line.run('curl', ...signed(line), url), '0123456789')
    },
    deletes: async (line) => {
      await line.run('curl', ...signed(line), '-X', 'DELETE', address(line, 'ten'))
      assert.deepEqual(await listKeys(line.server, 'files', 'ten'), [])
    },
  },
})
