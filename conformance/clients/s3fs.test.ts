/**
 * s3fs: a bucket as a folder. Everything there is done by programs of their own, because this process is the server that
 * answers: one file operation that waits for it would wait for ever.
 */
import assert from 'node:assert/strict'
import { testCommandLine } from './harness/command-line.ts'
import type { CommandLine } from './harness/command-line.ts'
import { digestOfObject, digestsOfBucket, digestsOfFolder, listKeys } from './harness/digests.ts'
import { patternOf, sha256Of } from './harness/payloads.ts'

function mountOf({ fresh }: CommandLine): string {
  return fresh('mount')
}

/** What is in the bucket below a folder: s3fs keeps an object for each folder too. */
async function filesOf(line: CommandLine, prefix: string): Promise<Record<string, string>> {
  const all = await digestsOfBucket(line.server, 'files', prefix)
  return Object.fromEntries(Object.entries(all).filter(([key]) => !/^$|\/$/.test(key)))
}

testCommandLine({
  name: 's3fs',
  needed: ['s3fs', 'fusermount3', '/dev/fuse'],
  settings: ({ credentials }) => ({
    files: { '.passwd-s3fs': `${credentials.accessKeyId}:${credentials.secretAccessKey}` },
  }),
  leave: (line) => line.tryRun('fusermount3', '-u', '-z', mountOf(line)),
  checks: {
    mounts: async (line) => {
      const mount = mountOf(line)
      const url = `url=${line.server.origin}`
      await line.run('mkdir', mount)
      await line.run('s3fs', 'files', mount, '-o', url, '-o', 'use_path_request_style')
      await line.run('mountpoint', mount)
    },
    'cp takes every size there and back': async (line) => {
      const mount = mountOf(line)
      await line.run('cp', '-r', line.sizes, `${mount}/s`)
      assert.deepEqual(await filesOf(line, 's/'), line.sizeDigests)
      await line.run('cp', '-r', `${mount}/s`, line.fresh('down'))
      assert.deepEqual(await digestsOfFolder(line.fresh('down')), line.sizeDigests)
    },
    'cp takes 60 nasty names there and back': async (line) => {
      const mount = mountOf(line)
      await line.run('cp', '-r', line.nasty, `${mount}/n`)
      assert.deepEqual(await filesOf(line, 'n/'), line.nastyDigests)
      await line.run('cp', '-r', `${mount}/n`, line.fresh('nasty-down'))
      assert.deepEqual(await digestsOfFolder(line.fresh('nasty-down')), line.nastyDigests)
    },
    'mv moves a small file and a large one': async (line) => {
      const mount = mountOf(line)
      await line.run('mkdir', `${mount}/m`)
      for (const name of ['one-byte', '100MiB']) {
        await line.run('mv', `${mount}/s/${name}`, `${mount}/m/${name}`)
        const digest = await digestOfObject(line.server, 'files', `m/${name}`)
        assert.equal(digest, line.sizeDigests[name])
        assert.deepEqual(await listKeys(line.server, 'files', `s/${name}`), [])
      }
    },
    'mv moves a folder': async (line) => {
      const mount = mountOf(line)
      await line.run('mv', `${mount}/n`, `${mount}/moved`)
      assert.deepEqual(await filesOf(line, 'moved/'), line.nastyDigests)
      assert.deepEqual(await listKeys(line.server, 'files', 'n/'), [])
    },
    'truncate cuts and extends': async (line) => {
      const file = `${mountOf(line)}/s/5MiB`
      await line.run('truncate', '-s', '1000', file)
      const cut = patternOf(1000)
      assert.equal(await digestOfObject(line.server, 'files', 's/5MiB'), sha256Of(cut))
      await line.run('truncate', '-s', '2000', file)
      const extended = Buffer.concat([cut, Buffer.alloc(1000)])
      assert.equal(await digestOfObject(line.server, 'files', 's/5MiB'), sha256Of(extended))
    },
    'appending keeps what was there': async (line) => {
      await line.run('sh', '-c', `printf more >> "${mountOf(line)}/s/5MiB-minus-1"`)
      const whole = Buffer.concat([patternOf(5 * 1024 * 1024 - 1), Buffer.from('more')])
      assert.equal(await digestOfObject(line.server, 'files', 's/5MiB-minus-1'), sha256Of(whole))
    },
    'chmod is kept with the object': async (line) => {
      const file = `${mountOf(line)}/m/one-byte`
      await line.run('chmod', '640', file)
      assert.equal(await line.run('stat', '-c', '%a', file), '640\n')
    },
    'rm -r leaves nothing': async (line) => {
      await line.run('rm', '-r', `${mountOf(line)}/moved`)
      assert.deepEqual(await listKeys(line.server, 'files', 'moved'), [])
    },
  },
})
