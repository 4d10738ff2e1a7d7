/** s3cmd, with the settings file that `s3cmd --configure` writes. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { putFile } from '../lib/put-files.ts'
import { testCommandLine } from './harness/command-line.ts'
import { digestsOfBucket, digestsOfFolder, listKeys } from './harness/digests.ts'

testCommandLine({
  name: 's3cmd',
  needed: ['s3cmd'],
  settings: ({ port, region, credentials }) => ({
    files: {
      '.s3cfg': `[default]
access_key = ${credentials.accessKeyId}
secret_key = ${credentials.secretAccessKey}
host_base = 127.0.0.1:${port}
host_bucket = 127.0.0.1:${port}
bucket_location = ${region}
use_https = False
`,
    },
  }),
  // A file whose name is one space is left out when it downloads.
  canSend: (key) => key.trim() !== '',
  checks: {
    'mb, ls and rb': async ({ run }) => {
      await run('s3cmd', 'mb', 's3://made-here')
      assert.match(await run('s3cmd', 'ls'), /made-here/)
      await run('s3cmd', 'rb', 's3://made-here')
      assert.doesNotMatch(await run('s3cmd', 'ls'), /made-here/)
    },
    'put --recursive and get --recursive take every size there and back': async (line) => {
      const down = `${line.fresh('down')}/`
      await line.run('s3cmd', 'put', '--recursive', `${line.sizes}/`, 's3://files/s/')
      assert.deepEqual(await digestsOfBucket(line.server, 'files', 's/'), line.sizeDigests)
      await line.run('mkdir', down)
      await line.run('s3cmd', 'get', '--recursive', 's3://files/s/', down)
      assert.deepEqual(await digestsOfFolder(line.fresh('down')), line.sizeDigests)
    },
    'sync takes 60 nasty names there and back, and then has nothing to do': async (line) => {
      const down = line.fresh('nasty-down')
      await line.run('s3cmd', 'sync', `${line.nasty}/`, 's3://files/n/')
      assert.deepEqual(await digestsOfBucket(line.server, 'files', 'n/'), line.nastyDigests)
      await line.run('mkdir', down)
      await line.run('s3cmd', 'sync', 's3://files/n/', `${down}/`)
      assert.deepEqual(await digestsOfFolder(down), line.nastyDigests)
      const again = await line.run('s3cmd', 'sync', `${line.nasty}/`, 's3://files/n/')
      assert.doesNotMatch(again, /upload:/)
    },
    'cp and mv': async ({ run, server, fresh }) => {
      writeFileSync(fresh('moving'), 'moved')
      await run('s3cmd', 'put', fresh('moving'), 's3://files/m/one')
      await run('s3cmd', 'cp', 's3://files/m/one', 's3://files/m/two')
      await run('s3cmd', 'mv', 's3://files/m/one', 's3://files/m/three')
      assert.deepEqual(await listKeys(server, 'files', 'm/'), ['m/three', 'm/two'])
      assert.equal(await run('s3cmd', 'get', 's3://files/m/three', '-'), 'moved')
    },
    'info tells about a bucket and an object': async ({ run, server }) => {
      await putFile(server, { bucket: 'files', key: 'told' }, 'told')
      assert.match(await run('s3cmd', 'info', 's3://files'), /Location: +us-east-1/)
      assert.match(await run('s3cmd', 'info', 's3://files/told'), /File size: +4/)
    },
    'modify changes a header': async ({ run, server }) => {
      await putFile(server, { bucket: 'files', key: 'changed' }, 'same')
      await run('s3cmd', 'modify', '--add-header=x-amz-meta-shade:dark', 's3://files/changed')
      assert.match(await run('s3cmd', 'info', 's3://files/changed'), /x-amz-meta-shade: +dark/)
      assert.equal(await run('s3cmd', 'get', 's3://files/changed', '-'), 'same')
    },
    'signurl is told that it makes signatures of version 2': async ({ run, server }) => {
      await putFile(server, { bucket: 'files', key: 'signed' }, 'behind the door')
      const url = (await run('s3cmd', 'signurl', 's3://files/signed', '+60')).trim()
      const response = await fetch(url)
      assert.equal(response.status, 400)
      assert.match(await response.text(), /s3cmd/)
    },
    'del --recursive leaves nothing': async ({ run, server }) => {
      await run('s3cmd', 'del', '--recursive', '--force', 's3://files/n/')
      assert.deepEqual(await listKeys(server, 'files', 'n/'), [])
    },
  },
})
