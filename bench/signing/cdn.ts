/**
 * The CDN dialects. Only Akamai has a library for Node to stand beside; the others are held against the bare
 * cryptography: the hashes, the Ed25519 signature or the decryption that no implementation can do without.
 */
import {
  createDecipheriv,
  generateKeyPairSync,
  hash,
  sign,
  verify as verifyEd25519,
} from 'node:crypto'
import type { RawRequest } from '@hallpass/signing'
import {
  createAkamaiSigner,
  createAkamaiToken,
  createAkamaiVerifier,
} from '@hallpass/signing/akamai'
import { createBunnySigner, createBunnyVerifier } from '@hallpass/signing/bunny'
import {
  createCloudCdnPrefix,
  createCloudCdnSigner,
  createCloudCdnVerifier,
  presignCloudCdn,
} from '@hallpass/signing/cloud-cdn'
import { createCloudflareSigner, createCloudflareVerifier } from '@hallpass/signing/cloudflare'
import { verifyEdgio } from '@hallpass/signing/edgio'
import {
  createMediaCdnPrefix,
  createMediaCdnSigner,
  createMediaCdnToken,
  createMediaCdnTokenVerifier,
  createMediaCdnVerifier,
  presignMediaCdn,
} from '@hallpass/signing/media-cdn'
import { createNginxSigner, createNginxVerifier } from '@hallpass/signing/nginx'
import { createSwiftSigner, createSwiftVerifier } from '@hallpass/signing/swift'
import { signEdgio } from '../../packages/signing/test/dialects/edgio/sign-edgio.ts'
import type { Contestant, Operation } from '../lib/rounds.ts'
import type { DialectBench } from './dialect.ts'
import { loadOptional } from './dialect.ts'

const ORIGIN = 'https://media.example.test'
const COUNT = 256
const URLS = Array.from(
  { length: COUNT },
  (_, index) => `${ORIGIN}/v1/AUTH_a/box/docs/report-${index}.pdf`,
)
const now = new Date()
const life = { expiresInSeconds: 300, now }
const HEX_KEY = 'a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90'
const TEXT_KEY = 'hallpass-fake-key'

export async function prepareCdn(): Promise<DialectBench> {
  const skipped: string[] = []
  return {
    operations: [
      ...cloudCdnOperations(),
      ...mediaCdnOperations(),
      ...(await akamaiOperations(skipped)),
      ...bunnyOperations(),
      ...nginxOperations(),
      ...swiftOperations(),
      ...cloudflareOperations(),
      ...edgioOperations(),
      listing(),
    ],
    packages: ['akamai-edgeauth'],
    skipped,
  }
}

type Signer = (url: string) => string
type Verifier = (request: RawRequest) => unknown

/** Signing and verifying of one dialect, each beside the same floor. */
function pair(
  name: string,
  own: { readonly sign: Signer; readonly verify: Verifier },
  floor: Contestant,
  others: readonly Contestant[] = [],
): Operation[] {
  const [reference] = others
  return [
    {
      name: `${name} presign`,
      contestants: [
        { name: '@hallpass/signing', run: takingTurns(URLS, own.sign) },
        ...others,
        floor,
      ],
      reference: reference?.name ?? floor.name,
    },
    {
      name: `${name} verify`,
      contestants: [
        { name: '@hallpass/signing', run: takingTurns(toRequests(own.sign), own.verify) },
        floor,
      ],
      reference: floor.name,
    },
  ]
}

/** Items in turn, so that nobody does the same thing twice in a row. */
function takingTurns<Item>(items: readonly Item[], action: (item: Item) => unknown): () => unknown {
  let next = 0
  return () => {
    next = (next + 1) % items.length
    return action(items[next] as Item)
  }
}

function toRequests(signUrl: Signer): RawRequest[] {
  return URLS.map((url) => ({
    method: 'GET',
    // Through bytes, as from a socket: one flat piece of text.
    target: Buffer.from(signUrl(url).slice(ORIGIN.length)).toString('latin1'),
    headers: ['Host', 'media.example.test', 'User-Agent', 'curl/8.5.0', 'Accept', '*/*'],
    clientIp: '203.0.113.7',
  }))
}

/** The two hashes of an HMAC over a text of that length. */
function hmacFloor(name: 'sha1' | 'sha256', length: number, digestBytes: number): Contestant {
  const inner = 'i'.repeat(64 + length)
  const outer = 'o'.repeat(64 + digestBytes)
  return {
    name: `floor: two crypto.hash of ${name}`,
    run: () => {
      hash(name, inner, 'hex')
      return hash(name, outer, 'base64')
    },
  }
}

function cloudCdnOperations(): Operation[] {
  const key = 'aGFsbHBhc3MgZmFrZSAxNg=='
  const signer = createCloudCdnSigner({ keyName: 'key-1', key })
  const verifier = createCloudCdnVerifier({ lookup: () => key })
  const own = {
    sign: (url: string) => signer.sign({ ...life, url }).url,
    verify: (request: RawRequest) => verifier.verify(request, { now }),
  }
  return pair('cloud-cdn', own, hmacFloor('sha1', 104, 20))
}

function mediaCdnOperations(): Operation[] {
  const pairOfKeys = generateKeyPairSync('ed25519')
  const key = pairOfKeys.privateKey.export({ format: 'jwk' }).d ?? ''
  const publicKey = pairOfKeys.publicKey.export({ format: 'jwk' }).x ?? ''
  const text = Buffer.alloc(104, 'x')
  const signature = sign(null, text, pairOfKeys.privateKey)
  const signFloor: Contestant = {
    name: 'floor: bare Ed25519 signature',
    run: () => sign(null, text, pairOfKeys.privateKey),
  }
  const verifyFloor: Contestant = {
    name: 'floor: bare Ed25519 verification',
    run: () => verifyEd25519(null, text, pairOfKeys.publicKey, signature),
  }
  const signer = createMediaCdnSigner({ keyName: 'key-1', key })
  const verifier = createMediaCdnVerifier({ lookup: () => publicKey })
  const signUrl = (url: string): string => signer.sign({ ...life, url }).url
  const tokenKey = {
    algorithm: 'sha256',
    secret: 'aGFsbHBhc3MgZmFrZSBtZWRpYSBobWFjIGtleSAwMDEh',
  } as const
  const tokenVerifier = createMediaCdnTokenVerifier({ keys: [tokenKey] })
  const token = {
    sign: (url: string) =>
      createMediaCdnToken({ key: tokenKey, ...life, pathGlobs: ['/v1/*'] }).sign(url).url,
    verify: (request: RawRequest) => tokenVerifier.verify(request, { now }),
  }
  const verifyUrl = (request: RawRequest): unknown => verifier.verify(request, { now })
  return [
    {
      name: 'media-cdn presign',
      contestants: [{ name: '@hallpass/signing', run: takingTurns(URLS, signUrl) }, signFloor],
      reference: signFloor.name,
    },
    {
      name: 'media-cdn verify',
      contestants: [
        { name: '@hallpass/signing', run: takingTurns(toRequests(signUrl), verifyUrl) },
        verifyFloor,
      ],
      reference: verifyFloor.name,
    },
    ...pair('media-cdn HMAC token', token, hmacFloor('sha256', 36, 32)),
  ]
}

interface EdgeAuth {
  generateURLToken(path: string): string
}

async function akamaiOperations(skipped: string[]): Promise<Operation[]> {
  // It has no types of its own.
  const name: string = 'akamai-edgeauth'
  const loaded = await loadOptional(
    async () => (await import(name)) as { default: new (options: object) => EdgeAuth },
    name,
    skipped,
  )
  const endTime = Math.floor(now.getTime() / 1000) + 300
  const others: Contestant[] = []
  if (loaded !== null) {
    const { default: Library } = loaded
    // As its documentation does: one object a token, since the end of life is an option.
    const signUrl = (url: string): string =>
      new Library({ key: HEX_KEY, endTime }).generateURLToken(url.slice(ORIGIN.length))
    others.push({ name: 'akamai-edgeauth generateURLToken', run: takingTurns(URLS, signUrl) })
  }
  const signer = createAkamaiSigner({ key: HEX_KEY })
  const verifier = createAkamaiVerifier({ keys: [HEX_KEY] })
  const own = {
    sign: (url: string) => signer.sign({ ...life, url }).url,
    verify: (request: RawRequest) => verifier.verify(request, { now }),
  }
  const acl = createAkamaiToken({ key: HEX_KEY, ...life, acl: '/v1/*' })
  const aclVerify: Operation = {
    name: 'akamai verify ACL',
    contestants: [
      {
        name: '@hallpass/signing',
        run: takingTurns(
          toRequests((url) => acl.sign(url).url),
          own.verify,
        ),
      },
      hmacFloor('sha256', 24, 32),
    ],
    reference: 'floor: two crypto.hash of sha256',
  }
  return [...pair('akamai', own, hmacFloor('sha256', 56, 32), others), aclVerify]
}

function bunnyOperations(): Operation[] {
  const signer = createBunnySigner({ key: TEXT_KEY })
  const verifier = createBunnyVerifier({ keys: [TEXT_KEY] })
  const own = {
    sign: (url: string) => signer.sign({ ...life, url }).url,
    verify: (request: RawRequest) => verifier.verify(request, { now }),
  }
  return pair('bunny', own, hmacFloor('sha256', 46, 32))
}

function nginxOperations(): Operation[] {
  const rule = { expression: '$secure_link_expires$uri$remote_addr secret' }
  const signer = createNginxSigner(rule)
  const verifier = createNginxVerifier({ rules: [rule] })
  const clientIp = '203.0.113.7'
  const own = {
    sign: (url: string) => signer.sign({ ...life, clientIp, url }).url,
    verify: (request: RawRequest) => verifier.verify(request, { now }),
  }
  const text = 'x'.repeat(64)
  const floor: Contestant = {
    name: 'floor: one crypto.hash of md5',
    run: () => hash('md5', text, 'base64'),
  }
  return pair('nginx', own, floor)
}

function swiftOperations(): Operation[] {
  const keys = [TEXT_KEY]
  const signer = createSwiftSigner({ key: TEXT_KEY })
  const verifier = createSwiftVerifier({ lookup: () => keys })
  const own = {
    sign: (url: string) => signer.sign({ ...life, url }).url,
    verify: (request: RawRequest) => verifier.verify(request, { now }),
  }
  return pair('swift', own, hmacFloor('sha256', 52, 32))
}

function cloudflareOperations(): Operation[] {
  const rule = { ttlSeconds: 300 }
  const signer = createCloudflareSigner({ ...rule, key: TEXT_KEY })
  const verifier = createCloudflareVerifier({ ...rule, keys: [TEXT_KEY] })
  const own = {
    sign: (url: string) => signer.sign({ url, now }).url,
    verify: (request: RawRequest) => verifier.verify(request, { now }),
  }
  return pair('cloudflare', own, hmacFloor('sha256', 46, 32))
}

function edgioOperations(): Operation[] {
  const signUrl = (url: string): string =>
    signEdgio({ key: TEXT_KEY, ...life, paths: ['/v1/'], url })
  const options = { keys: [TEXT_KEY], now }
  const verify = (request: RawRequest): unknown => verifyEdgio(request, options)
  const sealed = Buffer.from(signUrl(URLS[0] ?? '').split('?')[1] ?? '', 'base64url')
  const end = sealed.length - 16
  const floor: Contestant = {
    name: 'floor: SHA-256 of the key and bare AES-256-GCM',
    run: () => {
      const key = hash('sha256', TEXT_KEY, 'buffer')
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
      decipher.setAuthTag(sealed.subarray(end))
      return Buffer.concat([decipher.update(sealed.subarray(12, end)), decipher.final()])
    },
  }
  return [
    {
      name: 'edgio verify',
      contestants: [
        { name: '@hallpass/signing', run: takingTurns(toRequests(signUrl), verify) },
        floor,
      ],
      reference: floor.name,
    },
  ]
}

const LISTED = 1000

/** A page of 1,000 files: one signature for all of them, beside a signature each. */
function listing(): Operation {
  const urls = Array.from({ length: LISTED }, (_, index) => `${ORIGIN}/v1/file-${index}.ts`)
  const urlPrefix = `${ORIGIN}/v1/`
  const cloud = { keyName: 'key-1', key: 'aGFsbHBhc3MgZmFrZSAxNg==', ...life }
  const media = { keyName: 'key-1', key: 'aGFsbHBhc3MgZmFrZSBlZDI1NTE5IHNlZWQgMDAwMDE=', ...life }
  const each = 'media-cdn, a signature each'
  return {
    name: `listing of ${LISTED} files`,
    contestants: [
      {
        name: 'media-cdn, one prefix',
        run: () => {
          const prefix = createMediaCdnPrefix({ ...media, urlPrefix })
          return urls.map((url) => prefix.sign(url).url)
        },
      },
      { name: each, run: () => urls.map((url) => presignMediaCdn({ ...media, url }).url) },
      {
        name: 'cloud-cdn, one prefix',
        run: () => {
          const prefix = createCloudCdnPrefix({ ...cloud, urlPrefix })
          return urls.map((url) => prefix.sign(url).url)
        },
      },
      {
        name: 'cloud-cdn, a signature each',
        run: () => urls.map((url) => presignCloudCdn({ ...cloud, url }).url),
      },
    ],
    reference: each,
  }
}
