/** restic: a backup's whole life in a bucket. */
import assert from 'node:assert/strict'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { testCommandLine } from './harness/command-line.ts'
import type { CommandLine } from './harness/command-line.ts'
import { digestsOfFolder, listKeys } from './harness/digests.ts'

/** Paths inside a snapshot are absolute. */
async function restore(line: CommandLine, name: string, folder: string): Promise<string> {
  const target = line.fresh(name)
  await line.run('restic', 'restore', 'latest', '--path', folder, '--target', target)
  return join(target, folder)
}

testCommandLine({
  name: 'restic',
  needed: ['restic'],
  buckets: [],
  settings: ({ origin, region, credentials }) => ({
    env: {
      RESTIC_REPOSITORY: `s3:${origin}/backups`,
      RESTIC_PASSWORD: 'correct horse',
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
  }),
  checks: {
    'init makes the bucket and the repository': async ({ run, server }) => {
      await run('restic', 'init')
      assert.ok((await listKeys(server, 'backups')).includes('config'))
    },
    'backup and restore every size': async (line) => {
      await line.run('restic', 'backup', line.sizes)
      const restored = await restore(line, 'sizes-back', line.sizes)
      assert.deepEqual(await digestsOfFolder(restored), line.sizeDigests)
    },
    'backup and restore 60 nasty names': async (line) => {
      await line.run('restic', 'backup', line.nasty)
      const restored = await restore(line, 'nasty-back', line.nasty)
      assert.deepEqual(await digestsOfFolder(restored), line.nastyDigests)
    },
    'check reads all data': async ({ run }) => {
      assert.match(await run('restic', 'check', '--read-data'), /no errors were found/)
    },
    'forget --prune removes what no snapshot needs': async ({ run, server, sizes, nasty }) => {
      const before = (await listKeys(server, 'backups', 'data/')).length
      for (const name of readdirSync(sizes)) rmSync(join(sizes, name))
      writeFileSync(join(sizes, 'small'), 'small')
      await run('restic', 'backup', sizes)
      await run('restic', 'forget', '--keep-last', '1', '--prune')
      const after = (await listKeys(server, 'backups', 'data/')).length
      assert.ok(after < before, `${before} packs before, ${after} after`)
      assert.match(await run('restic', 'check', '--read-data'), /no errors were found/)
      assert.match(await run('restic', 'ls', 'latest', '--path', nasty), /plain\.txt/)
    },
    'unlock leaves no lock': async ({ run, server }) => {
      await run('restic', 'unlock', '--remove-all')
      assert.deepEqual(await listKeys(server, 'backups', 'locks/'), [])
    },
  },
})
