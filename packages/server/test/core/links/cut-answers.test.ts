import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OpenedFile } from '../../../src/core/files/open-file.ts'
import { giveUpFile } from '../../../src/core/files/open-file.ts'
import { deleteFile } from '../../../src/core/files/files.ts'
import { createAccessKey } from '../../../src/core/keys/access-keys.ts'
import { revokeKey } from '../../../src/core/keys/revoke-key.ts'
import { RESUME_WINDOW_MS } from '../../../src/core/limits.ts'
import { signFileUrl } from '../../../src/core/links/automatic-link.ts'
import { LINK_PARAMETER } from '../../../src/core/links/link-parameters.ts'
import { authorizeLink, pauseLink, resumeLink, revokeLink } from '../../../src/core/links/links.ts'
import { authorizeSweep, revokeBefore } from '../../../src/core/links/revocations.ts'
import type { RevocationTarget } from '../../../src/core/links/revocations.ts'
import { cutAnswers } from '../../../src/core/links/cut-answers.ts'
import { authorizeInstance } from '../../../src/core/policy/authorize.ts'
import { admin, allow, createTestCore, issue, put, setFolder } from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'
import { openUrl, presignWith } from '../../support/presigned.ts'

const KEY = 'a/large.bin'
const SIZE = 300_000

interface Bench {
  readonly core: TestCore
  /** A link of each kind: with a record, with a number of uses, automatic, and one that a client signed. */
  readonly urls: Readonly<Record<'counted' | 'once' | 'automatic' | 'foreign', string>>
  readonly accessKeyId: string
  /** Begins an answer on the link. */
  readonly open: (url: string) => Promise<Answer>
}

interface Answer {
  readonly opened: OpenedFile
  /** How often it was cut. */
  readonly cuts: () => number
  readonly end: () => Promise<void>
}

async function createBench(): Promise<Bench> {
  const core = await createTestCore()
  const { file } = await put(core, KEY, 'x'.repeat(SIZE))
  const permit = await authorizeInstance(core, admin)
  const made = await createAccessKey(core, permit, { name: 'ci', actions: ['read'] })
  await core.keyRing.refresh()
  const accessKeyId = made.record.id
  const credentials = { accessKeyId, secretAccessKey: made.secretAccessKey }
  const urls = {
    counted: (await issue(core, KEY, { method: 'GET' })).url,
    once: (await issue(core, KEY, { method: 'GET', maxUses: 1 })).url,
    automatic: (await signFileUrl(core, await allow(core, admin, 'read', KEY), file)).url,
    foreign: presignWith(core, credentials, { method: 'GET', key: KEY }),
  }
  return { core, urls, accessKeyId, open: (url) => openAnswer(core, url) }
}

async function openAnswer(core: TestCore, url: string): Promise<Answer> {
  const opened = await openUrl(core, [url, KEY])
  let cuts = 0
  const answer = opened.use?.numbered?.answer ?? opened.beginAnswer?.()
  assert.ok(answer !== undefined)
  answer.onCut(() => (cuts += 1))
  const end = async (): Promise<void> => {
    answer.end()
    await giveUpFile(core, opened)
  }
  return { opened, cuts: () => cuts, end }
}

/** What is cut by what was done, of every kind of link; each is ended. */
async function cutBy(
  { core, urls, open }: Bench,
  act: () => Promise<unknown>,
): Promise<readonly string[]> {
  const answers = await Promise.all(
    Object.entries(urls).map(async ([kind, url]) => ({ kind, answer: await open(url) })),
  )
  await cutAnswers(core)
  assert.ok(answers.every(({ answer }) => answer.cuts() === 0))
  await act()
  await cutAnswers(core)
  await cutAnswers(core)
  for (const { answer } of answers) await answer.end()
  assert.deepEqual(core.answers.underWay(), [])
  assert.ok(answers.every(({ answer }) => answer.cuts() <= 1))
  return answers.filter(({ answer }) => answer.cuts() === 1).map(({ kind }) => kind)
}

const ALL = ['counted', 'once', 'automatic', 'foreign']

test('a sweep over a file, a folder or everything cuts what is under way on every kind of link', async () => {
  const targets: readonly RevocationTarget[] = [
    { kind: 'file', path: `acme/${KEY}` },
    { kind: 'folder', path: 'acme/a' },
    { kind: 'instance' },
  ]
  for (const target of targets) {
    const bench = await createBench()
    const { core } = bench
    const sweep = async (): Promise<unknown> =>
      revokeBefore(core, await authorizeSweep(core, admin, target))
    assert.deepEqual(await cutBy(bench, sweep), ALL, target.kind)
  }
})

test('a sweep by key cuts what is under way on the links of that key, its automatic ones too', async () => {
  const bench = await createBench()
  const { core, accessKeyId } = bench
  const sweep = (keyId: string) => async (): Promise<unknown> =>
    revokeBefore(core, await authorizeSweep(core, admin, { kind: 'key', keyId }))
  assert.deepEqual(await cutBy(bench, sweep(admin.id)), ['counted', 'once', 'automatic'])
  const other = await createBench()
  assert.deepEqual(await cutBy(other, sweep(accessKeyId)), [])
  const foreign = async (): Promise<unknown> =>
    revokeBefore(
      other.core,
      await authorizeSweep(other.core, admin, { kind: 'key', keyId: other.accessKeyId }),
    )
  const again = { ...other, urls: { foreign: other.urls.foreign } as Bench['urls'] }
  assert.deepEqual(await cutBy(again, foreign), ['foreign'])
})

test('revoking a key cuts what is under way on the URLs that were signed with it', async () => {
  const bench = await createBench()
  const { core, accessKeyId } = bench
  const act = async (): Promise<unknown> =>
    revokeKey(core, await authorizeInstance(core, admin), accessKeyId, { descendants: false })
  assert.deepEqual(await cutBy(bench, act), ['foreign'])
})

test('revoking a link cuts what is under way on it and nothing else, also where it had no record', async () => {
  for (const kind of ['counted', 'once', 'automatic'] as const) {
    const bench = await createBench()
    const { core, urls } = bench
    const id = new URL(urls[kind]).searchParams.get('X-Hallpass-Link') ?? ''
    const act = async (): Promise<unknown> => {
      const { permit, link } = await authorizeLink(core, admin, id)
      return revokeLink(core, permit, link)
    }
    assert.deepEqual(await cutBy(bench, act), [kind])
  }
})

test('a delete cuts what is under way on the links that end with the file', async () => {
  const bench = await createBench()
  const { core } = bench
  const act = async (): Promise<unknown> =>
    deleteFile(core, await allow(core, admin, 'delete', KEY))
  assert.deepEqual(await cutBy(bench, act), ['counted', 'once'])
})

test('what began in time goes on: past the end of the link, its last use, its window, and changes elsewhere', async () => {
  const bench = await createBench()
  const { core } = bench
  const act = async (): Promise<unknown> => {
    await setFolder(core, 'acme/b', { visibility: 'public' })
    core.clock.advance(2 * RESUME_WINDOW_MS)
    return core.keyRing.refresh()
  }
  assert.deepEqual(await cutBy(bench, act), [])
})

test('a catalog that cannot be asked cuts nothing, and the next look does', async () => {
  const { core, urls, open } = await createBench()
  const answer = await open(urls.counted)
  const grants = { ...core.catalog.grants, findStandings: () => Promise.reject(new Error('gone')) }
  await cutAnswers({ ...core, catalog: { ...core.catalog, grants } })
  assert.equal(answer.cuts(), 0)
  await revokeBefore(core, await authorizeSweep(core, admin, { kind: 'instance' }))
  await cutAnswers(core)
  assert.equal(answer.cuts(), 1)
  await answer.end()
})

test('a link that is paused cuts what is under way on it, and on no other', async () => {
  const bench = await createBench()
  const { core, urls } = bench
  for (const kind of ['counted', 'once', 'automatic'] as const) {
    const id = new URL(urls[kind]).searchParams.get(LINK_PARAMETER) ?? ''
    const { permit, link } = await authorizeLink(core, admin, id)
    assert.deepEqual(await cutBy(bench, () => pauseLink(core, permit, link)), [kind])
    await resumeLink(core, permit, link)
  }
})
