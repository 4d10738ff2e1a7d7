/** davix, which addresses path-style buckets with --s3alternate. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { putFile } from '../lib/put-files.ts'
import { testCommandLine } from './harness/command-line.ts'
import type { CommandLine } from './harness/command-line.ts'
import { digestOfFile, digestsOfBucket, listKeys, sortDigests } from './harness/digests.ts'
import { encodeKey } from './harness/encode-key.ts'

function flagsOf({ server }: CommandLine): string[] {
  const { accessKeyId, secretAccessKey } = server.credentials
  const keys = ['--s3accesskey', accessKeyId, '--s3secretkey', secretAccessKey]
  return [...keys, '--s3region', server.region, '--s3alternate']
}

function address({ server }: CommandLine, key: string): string {
  return `s3://127.0.0.1:${server.port}/files/${encodeKey(key)}`
}

testCommandLine({
  name: 'davix',
  needed: ['davix-get', 'davix-put', 'davix-ls', 'davix-rm'],
  settings: () => ({}),
  checks: {
    'davix-put and davix-get take every size there and back': async (line) => {
      const flags = flagsOf(line)
      const down: [string, string][] = []
      for (const name of Object.keys(line.sizeDigests)) {
        const target = line.fresh(`down-${name}`)
        await line.run('davix-put', ...flags, join(line.sizes, name), address(line, `s/${name}`))
        await line.run('davix-get', ...flags, address(line, `s/${name}`), target)
        down.push([name, await digestOfFile(target)])
      }
      assert.deepEqual(await digestsOfBucket(line.server, 'files', 's/'), line.sizeDigests)
      assert.deepEqual(sortDigests(down), line.sizeDigests)
    },
    'davix-put and davix-get take 60 nasty names there and back': async (line) => {
      const flags = flagsOf(line)
      for (const name of Object.keys(line.nastyDigests)) {
        const target = line.fresh('down')
        await line.run('davix-put', ...flags, join(line.nasty, name), address(line, `n/${name}`))
        await line.run('davix-get', ...flags, address(line, `n/${name}`), target)
        assert.deepEqual(readFileSync(target), readFileSync(join(line.nasty, name)))
      }
      assert.deepEqual(await digestsOfBucket(line.server, 'files', 'n/'), line.nastyDigests)
    },
    'davix-ls lists what is in a folder': async (line) => {
      for (const key of ['l/a.txt', 'l/b.txt', 'l/sub/c.txt']) {
        await putFile(line.server, { bucket: 'files', key }, key)
      }
      const said = await line.run('davix-ls', ...flagsOf(line), address(line, 'l/'))
      assert.deepEqual(said.trim().split('\n').toSorted(), ['a.txt', 'b.txt', 'sub'])
    },
    'davix-rm removes': async (line) => {
      await line.run('davix-rm', ...flagsOf(line), address(line, 'l/a.txt'))
      assert.deepEqual(await listKeys(line.server, 'files', 'l/a'), [])
    },
    'davix-mv copies, and keeps the source, whose removal it signs with version 2': async (
      line,
    ) => {
      const flags = flagsOf(line)
      const [from, to] = [address(line, 'l/b.txt'), address(line, 'l/moved.txt')]
      const { stderr } = await line.tryRun('davix-mv', ...flags, from, to)
      assert.doesNotMatch(stderr, /501/)
      const left = await listKeys(line.server, 'files', 'l/')
      assert.deepEqual(left, ['l/b.txt', 'l/moved.txt', 'l/sub/c.txt'])
    },
  },
})
