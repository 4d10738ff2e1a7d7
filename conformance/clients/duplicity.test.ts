/** duplicity, unencrypted, through boto3. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { testCommandLine } from './harness/command-line.ts'
import type { CommandLine } from './harness/command-line.ts'
import { digestsOfFolder, listKeys } from './harness/digests.ts'

function run(line: CommandLine, ...words: readonly string[]): Promise<string> {
  const { origin, region } = line.server
  return line.run(
    'duplicity',
    ...words,
    '--no-encryption',
    '--s3-endpoint-url',
    origin,
    '--s3-region-name',
    region,
  )
}

testCommandLine({
  name: 'duplicity',
  needed: ['duplicity', '/usr/lib/python3/dist-packages/boto3'],
  settings: ({ credentials }) => ({
    env: {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
  }),
  checks: {
    'full backup and restore of every size': async (line) => {
      await run(line, 'full', line.sizes, 'boto3+s3://files/sizes')
      const restored = line.fresh('sizes-back')
      await run(line, 'restore', 'boto3+s3://files/sizes', restored)
      assert.deepEqual(await digestsOfFolder(restored), line.sizeDigests)
    },
    'backup, change, backup and restore of 60 nasty names': async (line) => {
      await run(line, 'full', line.nasty, 'boto3+s3://files/nasty')
      writeFileSync(join(line.nasty, 'plain.txt'), 'changed')
      await run(line, 'incremental', line.nasty, 'boto3+s3://files/nasty')
      const restored = line.fresh('nasty-back')
      await run(line, 'restore', 'boto3+s3://files/nasty', restored)
      assert.deepEqual(await digestsOfFolder(restored), await digestsOfFolder(line.nasty))
    },
    'verify finds no difference': async (line) => {
      const said = await run(line, 'verify', '--compare-data', 'boto3+s3://files/nasty', line.nasty)
      assert.match(said, /0 differences found/)
    },
    'collection-status lists both sets': async (line) => {
      const said = await run(line, 'collection-status', 'boto3+s3://files/nasty')
      assert.match(said, /Number of contained backup sets: 2/)
    },
    'remove-all-but-n-full removes old sets': async (line) => {
      await run(line, 'full', line.nasty, 'boto3+s3://files/nasty')
      await run(line, 'remove-all-but-n-full', '1', '--force', 'boto3+s3://files/nasty')
      const left = await listKeys(line.server, 'files', 'nasty/')
      assert.equal(left.filter((key) => key.includes('manifest')).length, 1)
    },
  },
})
