/**
 * Whatever is done in whatever order at two processes over the same data, the guard answers as its reference does. HALLPASS_MODEL_RUNS says
 * how many sequences are tried, HALLPASS_MODEL_SEED which; a failure prints the shortest one that was found.
 */
import assert from 'node:assert/strict'
import process from 'node:process'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { isSigningError } from '@hallpass/signing/errors'
import { isDomainError, refusal } from '../../../src/core/errors.ts'
import { deleteFile, moveFile } from '../../../src/core/files/files.ts'
import { createAccessKey } from '../../../src/core/keys/access-keys.ts'
import { createApiKey } from '../../../src/core/keys/api-keys.ts'
import { revokeKey } from '../../../src/core/keys/revoke-key.ts'
import { endSigningKey, rotateSigningKey } from '../../../src/core/keys/signing-keys.ts'
import { KEY_REFRESH_MS } from '../../../src/core/limits.ts'
import { signFileUrl } from '../../../src/core/links/automatic-link.ts'
import { issueLink } from '../../../src/core/links/issue-link.ts'
import { authorizeLink, pauseLink, resumeLink, revokeLink } from '../../../src/core/links/links.ts'
import { authorizeSweep, revokeBefore } from '../../../src/core/links/revocations.ts'
import { finishUse } from '../../../src/core/links/use-link.ts'
import { authorizeInstance } from '../../../src/core/policy/authorize.ts'
import { admin, allow, principalWith, put, setFolder } from '../../support/core.ts'
import { openUrl, presignWith } from '../../support/presigned.ts'
import { PATHS, createReference } from './reference.ts'
import type { Issuer, Outcome, Path, Policy, Reference, Scope, Wish } from './reference.ts'
import { openWorld } from './two-nodes.ts'
import type { Node, TwoNodes } from './two-nodes.ts'

const CONTENT = 'what is in the file'
const RUNS = Number(process.env['HALLPASS_MODEL_RUNS'] ?? 150)
const SEED = process.env['HALLPASS_MODEL_SEED']

type Step =
  | { readonly do: 'issue'; readonly wish: Wish }
  | { readonly do: 'use' | 'revoke' | 'pause' | 'resume' | 'end-signer'; readonly link: number }
  | { readonly do: 'sweep'; readonly scope: Scope }
  | { readonly do: 'rotate' }
  | { readonly do: 'end-key'; readonly key: Issuer | 's3' }
  | { readonly do: 'put'; readonly path: Path }
  | { readonly do: 'remove'; readonly path: Path }
  | { readonly do: 'move'; readonly from: Path; readonly to: Path }
  | { readonly do: 'policy'; readonly policy: Policy }
  | { readonly do: 'clock'; readonly ms: number }

const path = fc.constantFrom(...PATHS)
const issuer = fc.constantFrom<Issuer>('api-1', 'api-2')
const link = fc.nat(11)
const scope = fc.oneof(
  fc.record({ kind: fc.constant('file' as const), path }),
  fc.record({
    kind: fc.constant('folder' as const),
    folder: fc.constantFrom('a/' as const, 'b/' as const, '' as const),
  }),
  fc.record({
    kind: fc.constant('key' as const),
    key: fc.constantFrom<Issuer | 's3'>('api-1', 'api-2', 's3'),
  }),
  fc.constant({ kind: 'all' as const }),
)
const wish = fc.record({
  kind: fc.constantFrom(
    'stored' as const,
    'stored' as const,
    'automatic' as const,
    'foreign' as const,
  ),
  path,
  issuer,
  seconds: fc.constantFrom(1, 300, 3600, 86_400),
  maxUses: fc.constantFrom(null, 1, 2),
})
const policy = fc.record({
  maxDownloadSeconds: fc.constantFrom(null, 300, 3600),
  mayGet: fc.constantFrom(true, true, false),
})
const ms = fc.constantFrom(
  1,
  250,
  1000,
  1700,
  61_000,
  299_000,
  301_000,
  3_600_000,
  86_400_000,
  -1500,
  -61_000,
  -3_600_000,
)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('issue' as const), wish }) },
  { weight: 7, arbitrary: fc.record({ do: fc.constant('use' as const), link }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('revoke' as const, 'pause' as const, 'resume' as const),
      link,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sweep' as const), scope }) },
  { weight: 1, arbitrary: fc.constant({ do: 'rotate' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('end-signer' as const), link }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('end-key' as const),
      key: fc.constantFrom<Issuer | 's3'>('api-1', 'api-2', 's3'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('put' as const, 'remove' as const), path }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('move' as const), from: path, to: path }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('policy' as const), policy }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('clock' as const), ms }) },
)
const sequence = fc.array(fc.tuple(fc.nat(1), step), { minLength: 1, maxLength: 40, size: 'max' })

/** What the reference knows by numbers, as it is called here. */
interface Scene extends TwoNodes {
  readonly keyIds: Readonly<Record<Issuer | 's3', string>>
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** In the order of the reference. */
  readonly links: { readonly id: string | null; readonly url: string; readonly signer: string }[]
}

async function prepare(two: TwoNodes): Promise<Scene> {
  const [core] = two.nodes
  const permit = await authorizeInstance(core, admin)
  const actions = ['read', 'write', 'delete', 'list', 'share'] as const
  const first = await createApiKey(core, permit, { name: 'api-1', actions })
  const second = await createApiKey(core, permit, { name: 'api-2', actions })
  const s3 = await createAccessKey(core, permit, {
    name: 's3',
    actions,
    maxExpiresInSeconds: 604_800,
  })
  for (const { keyRing } of two.nodes) await keyRing.refresh()
  const keyIds = { 'api-1': first.record.id, 'api-2': second.record.id, s3: s3.record.id }
  const credentials = { accessKeyId: s3.record.id, secretAccessKey: s3.secretAccessKey }
  return { ...two, keyIds, credentials, links: [] }
}

async function outcomeOf(work: () => Promise<unknown>): Promise<Outcome> {
  try {
    await work()
    return 'ok'
  } catch (error) {
    if (isDomainError(error) || isSigningError(error)) return error.code
    throw error
  }
}

async function issue(world: Scene, node: Node, { kind, path: key, ...asked }: Wish): Promise<void> {
  const { seconds: expiresInSeconds, maxUses } = asked
  if (kind === 'foreign') {
    const url = presignWith({ ...node, signingKeyId: '' }, world.credentials, {
      method: 'GET',
      key,
      expiresInSeconds,
    })
    world.links.push({ id: null, url, signer: '' })
    return
  }
  const actions = ['read', 'share'] as const
  const principal = principalWith({ actions }, world.keyIds[asked.issuer])
  const permit = await allow(node, principal, kind === 'stored' ? 'share' : 'read', key)
  const signer = (await node.keyRing.current()).signingKey?.accessKeyId ?? ''
  if (kind === 'stored') {
    const uses = maxUses === null ? {} : { maxUses }
    const wanted = { method: 'GET', expiresInSeconds, ...uses } as const
    const { id, url } = await issueLink(node, await allow(node, principal, 'share', key), wanted)
    world.links.push({ id, url, signer })
    return
  }
  const file = await node.files.find({ bucket: 'acme', key })
  if (file === null) throw refusal('file-not-found', { path: key })
  const { id, url } = await signFileUrl(node, await allow(node, permit.caller, 'read', key), file)
  world.links.push({ id, url, signer })
}

async function use(node: Node, url: string, key: string): Promise<void> {
  const opened = await openUrl({ ...node, signingKeyId: '' }, [url, key])
  if (opened.use === null) return
  await finishUse(node, opened.use, { sentBytes: opened.file.size, arrived: true })
}

async function sweep(world: Scene, node: Node, asked: Scope): Promise<void> {
  const target =
    asked.kind === 'all'
      ? ({ kind: 'instance' } as const)
      : asked.kind === 'key'
        ? ({ kind: 'key', keyId: world.keyIds[asked.key] } as const)
        : asked.kind === 'file'
          ? ({ kind: 'file', path: `acme/${asked.path}` } as const)
          : ({ kind: 'folder', path: `acme/${asked.folder}` } as const)
  await revokeBefore(node, await authorizeSweep(node, admin, target))
}

interface Taking<Taken extends Step = Step> {
  readonly world: Scene
  readonly reference: Reference
  readonly node: Node
  readonly asked: Taken
}

/** What came of it, and what should have. */
type Compared = Promise<readonly [Outcome, Outcome]>

/** Does it at one of the processes. */
async function take(
  world: Scene,
  reference: Reference,
  [at, asked]: readonly [number, Step],
): Compared {
  const node = world.nodes[at % 2] ?? world.nodes[0]
  const taking = { world, reference, node }
  switch (asked.do) {
    case 'issue': {
      const real = await outcomeOf(() => issue(world, node, asked.wish))
      return [real, reference.issue(asked.wish)]
    }
    case 'put':
    case 'remove':
    case 'move':
      return takeWithFile({ ...taking, asked })
    case 'sweep':
    case 'rotate':
    case 'end-key':
    case 'policy':
      return takeWithRights({ ...taking, asked })
    case 'clock':
      world.clock.advance(asked.ms)
      reference.advance(asked.ms)
      return ['ok', 'ok']
    default:
      return takeWithLink({ ...taking, asked })
  }
}

async function takeWithFile({
  reference,
  node,
  asked,
}: Taking<Extract<Step, { readonly do: 'put' | 'remove' | 'move' }>>): Compared {
  if (asked.do === 'put') {
    reference.put(asked.path)
    return [await outcomeOf(() => put(node, asked.path, CONTENT)), 'ok']
  }
  if (asked.do === 'remove') {
    reference.remove(asked.path)
    const remove = async () => deleteFile(node, await allow(node, admin, 'delete', asked.path))
    return [await outcomeOf(remove), 'ok']
  }
  const { from, to } = asked
  if (from === to) return ['ok', 'ok']
  const real = await outcomeOf(async () => {
    const permits = {
      from: await allow(node, admin, 'delete', from),
      to: await allow(node, admin, 'write', to),
    }
    await moveFile(node, permits, true)
  })
  return [real, reference.move(from, to)]
}

async function takeWithRights({
  world,
  reference,
  node,
  asked,
}: Taking<Extract<Step, { readonly do: 'sweep' | 'rotate' | 'end-key' | 'policy' }>>): Compared {
  switch (asked.do) {
    case 'sweep':
      reference.sweep(asked.scope)
      return [await outcomeOf(() => sweep(world, node, asked.scope)), 'ok']
    case 'rotate': {
      reference.rotate()
      const rotate = async () => rotateSigningKey(node, await authorizeInstance(node, admin))
      return [await outcomeOf(rotate), 'ok']
    }
    case 'end-key': {
      const id = world.keyIds[asked.key]
      const end = async () => revokeKey(node, await authorizeInstance(node, admin), id)
      return [await outcomeOf(end), reference.endKey(asked.key)]
    }
    case 'policy': {
      const { maxDownloadSeconds, mayGet } = asked.policy
      reference.setPolicy(asked.policy)
      const lines = {
        ...(maxDownloadSeconds === null ? {} : { maxDownloadSeconds }),
        ...(mayGet ? {} : { methods: ['PUT'] as const }),
      }
      return [await outcomeOf(() => setFolder(node, 'acme/a', { policy: lines })), 'ok']
    }
  }
}

async function takeWithLink({
  world,
  reference,
  node,
  asked,
}: Taking<Extract<Step, { readonly link: number }>>): Compared {
  const count = world.links.length
  if (count === 0) return ['ok', 'ok']
  const index = asked.link % count
  const [real, known] = [world.links[index], reference.links()[index]]
  assert.ok(real !== undefined && known !== undefined)
  if (asked.do === 'use') {
    return [await outcomeOf(() => use(node, real.url, known.path)), reference.use(index)]
  }
  if (asked.do === 'end-signer') {
    const signer = (await node.keyRing.refresh()).findAccessKey(real.signer, world.clock.now())
    reference.endSigningKey(index)
    if (signer === null) return ['ok', 'ok']
    const end = async () => endSigningKey(node, await authorizeInstance(node, admin), real.signer)
    return [await outcomeOf(end), 'ok']
  }
  const { id } = real
  // What is kept nowhere can be neither found nor changed.
  if (id === null || (asked.do !== 'revoke' && known.kind !== 'stored')) return ['ok', 'ok']
  const change = { revoke: revokeLink, pause: pauseLink, resume: resumeLink }[asked.do]
  const outcome = await outcomeOf(async () => {
    const found = await authorizeLink(node, admin, id)
    await change(node, found.permit, found.link)
  })
  const expected =
    asked.do === 'revoke' ? reference.revoke(index) : reference.pause(index, asked.do === 'pause')
  return [outcome, expected]
}

/** What changes keys, rules or folders reaches the other process within this. */
const HEARD: ReadonlySet<Step['do']> = new Set([
  'sweep',
  'rotate',
  'end-signer',
  'end-key',
  'policy',
])

async function play(two: TwoNodes, steps: readonly (readonly [number, Step])[]): Promise<void> {
  const world = await prepare(two)
  const reference = createReference(world.clock.now())
  for (const file of PATHS) {
    reference.put(file)
    await put(world.nodes[0], file, CONTENT)
  }
  for (const [index, numbered] of steps.entries()) {
    const [real, expected] = await take(world, reference, numbered)
    assert.equal(real, expected, `step ${index}: ${JSON.stringify(numbered)}`)
    if (!HEARD.has(numbered[1].do)) continue
    world.clock.advance(KEY_REFRESH_MS)
    reference.advance(KEY_REFRESH_MS)
  }
  for (const [index, { id }] of world.links.entries()) {
    const known = reference.links()[index]
    if (id === null || known?.maxUses === null) continue
    const record = await world.nodes[1].catalog.grants.find(id)
    assert.equal(record?.uses, reference.usesOf(index), `uses of ${index}`)
  }
}

test('two processes answer as the reference does, whatever is done in whatever order', async () => {
  const options = { numRuns: RUNS, ...(SEED === undefined ? {} : { seed: Number(SEED) }) }
  const world = await openWorld()
  try {
    const property = fc.asyncProperty(sequence, (steps) => play(world.begin(), steps))
    await fc.assert(property, options)
  } finally {
    await world.close()
  }
})
