/** rclone, a remote of type s3 with the provider Other. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { putFile } from '../lib/put-files.ts'
import { testCommandLine } from './harness/command-line.ts'
import { digestsOfBucket, digestsOfFolder, listKeys } from './harness/digests.ts'

testCommandLine({
  name: 'rclone',
  needed: ['rclone'],
  settings: ({ origin, region, credentials }) => ({
    env: {
      RCLONE_CONFIG_HP_TYPE: 's3',
      RCLONE_CONFIG_HP_PROVIDER: 'Other',
      RCLONE_CONFIG_HP_ENDPOINT: origin,
      RCLONE_CONFIG_HP_REGION: region,
      RCLONE_CONFIG_HP_ACCESS_KEY_ID: credentials.accessKeyId,
      RCLONE_CONFIG_HP_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
  }),
  checks: {
    'mkdir, lsd and rmdir': async ({ run }) => {
      await run('rclone', 'mkdir', 'hp:made-here')
      assert.match(await run('rclone', 'lsd', 'hp:'), /made-here/)
      await run('rclone', 'rmdir', 'hp:made-here')
      assert.doesNotMatch(await run('rclone', 'lsd', 'hp:'), /made-here/)
    },
    'sync takes every size there and back, check agrees': async (line) => {
      const down = line.fresh('down')
      await line.run('rclone', 'sync', line.sizes, 'hp:files/s')
      assert.deepEqual(await digestsOfBucket(line.server, 'files', 's/'), line.sizeDigests)
      await line.run('rclone', 'check', line.sizes, 'hp:files/s')
      await line.run('rclone', 'sync', 'hp:files/s', down)
      assert.deepEqual(await digestsOfFolder(down), line.sizeDigests)
    },
    'sync takes 60 nasty names there and back, check agrees': async (line) => {
      const down = line.fresh('nasty-down')
      await line.run('rclone', 'sync', line.nasty, 'hp:files/n')
      assert.deepEqual(await digestsOfBucket(line.server, 'files', 'n/'), line.nastyDigests)
      await line.run('rclone', 'check', '--download', line.nasty, 'hp:files/n')
      await line.run('rclone', 'sync', 'hp:files/n', down)
      assert.deepEqual(await digestsOfFolder(down), line.nastyDigests)
    },
    'a second sync has nothing to do': async ({ run, nasty }) => {
      const said = await run('sh', '-c', `rclone sync -v "${nasty}" hp:files/n 2>&1`)
      assert.match(said, /There was nothing to transfer/)
    },
    'move moves up, and from key to key': async ({ run, server, fresh }) => {
      writeFileSync(fresh('moving'), 'moved')
      await run('rclone', 'moveto', fresh('moving'), 'hp:files/m/one')
      await run('rclone', 'moveto', 'hp:files/m/one', 'hp:files/m/two')
      assert.deepEqual(await listKeys(server, 'files', 'm/'), ['m/two'])
      assert.equal(await run('rclone', 'cat', 'hp:files/m/two'), 'moved')
    },
    'touch sets the time of a file by copying it onto itself': async ({ run, server }) => {
      await putFile(server, { bucket: 'files', key: 'touched' }, 'same')
      await run('rclone', 'touch', '--timestamp', '2020-02-02T02:02:02', 'hp:files/touched')
      assert.match(await run('rclone', 'lsl', 'hp:files/touched'), /2020-02-02/)
      assert.equal(await run('rclone', 'cat', 'hp:files/touched'), 'same')
    },
    'rcat uploads what has no length': async ({ run, server }) => {
      await run('sh', '-c', 'head -c 6000000 /dev/zero | rclone rcat hp:files/piped')
      const [{ Size }] = JSON.parse(await run('rclone', 'lsjson', 'hp:files/piped')) as [
        { Size: number },
      ]
      assert.equal(Size, 6_000_000)
      assert.deepEqual(await listKeys(server, 'files', 'piped'), ['piped'])
    },
    'link makes a URL': async ({ run, server }) => {
      await putFile(server, { bucket: 'files', key: 'signed' }, 'behind the door')
      const url = (await run('rclone', 'link', 'hp:files/signed')).trim()
      assert.equal(await (await fetch(url)).text(), 'behind the door')
    },
    'cleanup finds no upload left behind': async ({ run }) => {
      await run('rclone', 'cleanup', 'hp:files')
    },
    'purge leaves nothing': async ({ run, server }) => {
      await run('rclone', 'purge', 'hp:files/n')
      assert.deepEqual(await listKeys(server, 'files', 'n/'), [])
    },
  },
})
