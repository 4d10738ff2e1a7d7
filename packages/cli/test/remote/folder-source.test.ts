/** A folder that somebody else may write in while all of it is brought to a server. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { folderSource } from '../../src/remote/import/folder-source.ts'
import type { SourceFile } from '../../src/remote/import/import-source.ts'

const root = mkdtempSync(join(tmpdir(), 'hallpass-folder-'))
after(() => rmSync(root, { recursive: true }))

async function listed(folder: string): Promise<Map<string, SourceFile>> {
  const files = new Map<string, SourceFile>()
  for await (const entry of folderSource(folder, folder).entries()) {
    if (entry.kind === 'file') files.set(entry.file.below, entry.file)
  }
  return files
}

const sha256Of = (file: SourceFile | undefined): Promise<string> => {
  assert.ok(file !== undefined)
  return file.withFile(({ sha256 }) => Promise.resolve(sha256))
}

test('what was listed and became a link since, itself or a folder above it, is not read', async () => {
  const [folder, outside] = [join(root, 'theirs'), join(root, 'outside')]
  for (const path of [join(folder, 'inner'), outside]) mkdirSync(path, { recursive: true })
  for (const name of ['stays', 'changes', 'inner/deep']) writeFileSync(join(folder, name), 'mine')
  for (const name of ['secret', 'deep']) writeFileSync(join(outside, name), 'not theirs')
  const files = await listed(folder)
  rmSync(join(folder, 'changes'))
  symlinkSync(join(outside, 'secret'), join(folder, 'changes'))
  renameSync(join(folder, 'inner'), join(root, 'aside'))
  symlinkSync(outside, join(folder, 'inner'))
  await assert.rejects(sha256Of(files.get('changes')))
  await assert.rejects(sha256Of(files.get('inner/deep')), /replaced by something else/)
  assert.match(await sha256Of(files.get('stays')), /^[0-9a-f]{64}$/)
})

test('a folder that is named by a link is brought in from where it leads', async () => {
  const folder = join(root, 'real')
  mkdirSync(folder)
  writeFileSync(join(folder, 'a.txt'), 'a')
  symlinkSync(folder, join(root, 'named'))
  const files = await listed(join(root, 'named'))
  assert.match(await sha256Of(files.get('a.txt')), /^[0-9a-f]{64}$/)
})
