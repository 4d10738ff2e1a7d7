/** The AWS command line: `aws s3` as its users type it, configured by its environment. */
import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { putFile } from '../lib/put-files.ts'
import { testCommandLine } from './harness/command-line.ts'
import { digestsOfBucket, digestsOfFolder, listKeys } from './harness/digests.ts'
import { installed } from './harness/find-client.ts'

const aws = installed('python', 'bin', 'aws')

testCommandLine({
  name: 'aws-cli',
  needed: [aws],
  settings: ({ origin, region, credentials }) => ({
    env: {
      AWS_ENDPOINT_URL: origin,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
  }),
  checks: {
    'mb, ls and rb': async ({ run }) => {
      await run(aws, 's3', 'mb', 's3://made-here')
      assert.match(await run(aws, 's3', 'ls'), /made-here/)
      await run(aws, 's3', 'rb', 's3://made-here')
      assert.doesNotMatch(await run(aws, 's3', 'ls'), /made-here/)
    },
    'cp --recursive takes every size there and back': async (line) => {
      const down = line.fresh('down')
      await line.run(aws, 's3', 'cp', '--recursive', '--no-progress', line.sizes, 's3://files/s/')
      assert.deepEqual(await digestsOfBucket(line.server, 'files', 's/'), line.sizeDigests)
      await line.run(aws, 's3', 'cp', '--recursive', '--no-progress', 's3://files/s/', down)
      assert.deepEqual(await digestsOfFolder(down), line.sizeDigests)
    },
    'cp --recursive copies every size between keys': async ({ run, server, sizeDigests }) => {
      await run(aws, 's3', 'cp', '--recursive', '--no-progress', 's3://files/s/', 's3://files/c/')
      assert.deepEqual(await digestsOfBucket(server, 'files', 'c/'), sizeDigests)
    },
    'cp reads its input and writes its output': async ({ run, server }) => {
      const text = await run('sh', '-c', `echo hello | ${aws} s3 cp - s3://files/pipe`)
      assert.equal(text, '')
      assert.deepEqual(await listKeys(server, 'files', 'pipe'), ['pipe'])
      assert.equal(await run(aws, 's3', 'cp', 's3://files/pipe', '-'), 'hello\n')
    },
    'sync takes 60 nasty names there and back, and then has nothing to do': async (line) => {
      const down = line.fresh('nasty-down')
      await line.run(aws, 's3', 'sync', '--no-progress', line.nasty, 's3://files/n/')
      assert.deepEqual(await digestsOfBucket(line.server, 'files', 'n/'), line.nastyDigests)
      await line.run(aws, 's3', 'sync', '--no-progress', 's3://files/n/', down)
      assert.deepEqual(await digestsOfFolder(down), line.nastyDigests)
      assert.equal(await line.run(aws, 's3', 'sync', line.nasty, 's3://files/n/'), '')
    },
    'sync --delete removes what is gone': async ({ run, server, nasty, nastyDigests }) => {
      const [gone = '', ...kept] = Object.keys(nastyDigests)
      rmSync(join(nasty, gone))
      await run(aws, 's3', 'sync', '--delete', nasty, 's3://files/n/')
      const left = await listKeys(server, 'files', 'n/')
      assert.deepEqual(left.toSorted(), kept.map((key) => `n/${key}`).toSorted())
    },
    'mv moves up, and from key to key': async ({ run, server, fresh }) => {
      writeFileSync(fresh('moving'), 'moved')
      await run(aws, 's3', 'mv', fresh('moving'), 's3://files/m/one')
      await run(aws, 's3', 'mv', 's3://files/m/one', 's3://files/m/two')
      assert.deepEqual(await listKeys(server, 'files', 'm/'), ['m/two'])
      assert.equal(await run(aws, 's3', 'cp', 's3://files/m/two', '-'), 'moved')
    },
    'presign is told which setting ends signatures of version 2': async ({ run, server }) => {
      await putFile(server, { bucket: 'files', key: 'signed' }, 'behind the door')
      const url = (await run(aws, 's3', 'presign', 's3://files/signed')).trim()
      const response = await fetch(url)
      assert.equal(response.status, 400)
      assert.match(await response.text(), /signature_version.*s3v4/s)
    },
    'presign makes a URL with that setting': async ({ run }) => {
      await run(aws, 'configure', 'set', 'default.s3.signature_version', 's3v4')
      const url = (await run(aws, 's3', 'presign', 's3://files/signed')).trim()
      assert.equal(await (await fetch(url)).text(), 'behind the door')
    },
    'rm --recursive leaves nothing': async ({ run, server }) => {
      await run(aws, 's3', 'rm', '--recursive', 's3://files/n/')
      assert.deepEqual(await listKeys(server, 'files', 'n/'), [])
    },
    'rb --force removes a bucket with what it holds': async ({ run, server }) => {
      await run(aws, 's3', 'mb', 's3://full')
      await putFile(server, { bucket: 'full', key: 'a' }, 'a')
      await run(aws, 's3', 'rb', '--force', 's3://full')
      assert.doesNotMatch(await run(aws, 's3', 'ls'), /full/)
    },
  },
})
