/** SAS of Azure: a service and a user delegation SAS beside the SDK, a listing, and verifying beside its two hashes. */
import { hash } from 'node:crypto'
import type * as storageBlob from '@azure/storage-blob'
import type { RawRequest } from '@hallpass/signing'
import {
  createAzureDelegationSigner,
  createAzurePrefix,
  createAzureSigner,
  createAzureVerifier,
  presignAzureBlob,
  presignAzureUserDelegation,
  verifyAzure,
} from '@hallpass/signing/azure'
import type { Contestant, Operation } from '../lib/rounds.ts'
import type { DialectBench } from './dialect.ts'
import { loadOptional } from './dialect.ts'

const ACCOUNT = 'hallpasstest'
const ACCOUNT_KEY = Buffer.from(
  'a key of 64 bytes, as accounts have: not one that opens a thing.',
).toString('base64')
const CONTAINER = 'hallpass'
const VERSION = '2026-04-06'
const EXPIRES_SECONDS = 300
const NAMES = Array.from({ length: 256 }, (_, index) => `docs/2026/report-${index}.pdf`)
const LISTING = Array.from({ length: 1000 }, (_, index) => `docs/2026/report-${index}.pdf`)
const DELEGATION_KEY = {
  signedObjectId: '00000000-0000-4000-8000-000000000001',
  signedTenantId: '00000000-0000-4000-8000-000000000002',
  signedStartsOn: new Date(Date.now() - 3_600_000),
  signedExpiresOn: new Date(Date.now() + 86_400_000),
  signedService: 'b',
  signedVersion: VERSION,
  value: ACCOUNT_KEY,
}
const OWN = {
  account: ACCOUNT,
  accountKey: ACCOUNT_KEY,
  container: CONTAINER,
  permissions: 'r',
  expiresInSeconds: EXPIRES_SECONDS,
  version: VERSION,
}
const SDK = '@azure/storage-blob generateBlobSASQueryParameters'
const FLOOR = 'floor: two crypto.hash of these lengths'

function createTurn(): () => string {
  let next = 0
  return () => {
    next = (next + 1) % NAMES.length
    return NAMES[next] ?? ''
  }
}

export async function prepareAzure(): Promise<DialectBench> {
  const skipped: string[] = []
  const sdk = await loadOptional(
    () => import('@azure/storage-blob'),
    '@azure/storage-blob',
    skipped,
  )
  const service = sdk === null ? [] : [sdkService(sdk)]
  const delegated = sdk === null ? [] : [sdkDelegation(sdk)]
  const reference = sdk === null ? FLOOR : SDK
  return {
    operations: [
      { name: 'azure service SAS', reference, contestants: [...ownService(), ...service, floor()] },
      {
        name: 'azure user delegation SAS',
        reference,
        contestants: [...ownDelegation(), ...delegated, floor()],
      },
      listing(service),
      { name: 'azure verify GET', reference: FLOOR, contestants: [...ownVerify(), floor()] },
    ],
    packages: ['@azure/storage-blob'],
    skipped,
  }
}

/** What is asked for each blob, of a signer that is kept. */
const REQUEST = { container: CONTAINER, permissions: 'r', expiresInSeconds: EXPIRES_SECONDS }
const PLACE = { account: ACCOUNT, version: VERSION }

function ownService(): Contestant[] {
  const turn = createTurn()
  const signer = createAzureSigner({ ...PLACE, accountKey: ACCOUNT_KEY })
  return [
    {
      name: '@hallpass/signing createAzureSigner(…).sign',
      run: () => signer.sign({ ...REQUEST, blob: turn() }),
    },
    {
      name: '@hallpass/signing presignAzureBlob',
      run: () => presignAzureBlob({ ...OWN, blob: turn() }),
    },
  ]
}

function ownDelegation(): Contestant[] {
  const turn = createTurn()
  const { accountKey: _, ...own } = OWN
  const signer = createAzureDelegationSigner({ ...PLACE, delegationKey: DELEGATION_KEY })
  return [
    {
      name: '@hallpass/signing createAzureDelegationSigner(…).sign',
      run: () => signer.sign({ ...REQUEST, blob: turn() }),
    },
    {
      name: '@hallpass/signing presignAzureUserDelegation',
      run: () =>
        presignAzureUserDelegation({ ...own, blob: turn(), delegationKey: DELEGATION_KEY }),
    },
  ]
}

/** One container token for a thousand files, beside a thousand tokens. */
function listing(service: readonly Contestant[]): Operation {
  const own: Contestant = {
    name: '@hallpass/signing createAzurePrefix, 1,000 files',
    run: () => createAzurePrefix({ ...OWN, directory: null }).signAll(LISTING),
  }
  const theirs = service.map(({ run }): Contestant => ({
    name: `${SDK}, 1,000 times`,
    run: () => {
      for (let index = 0; index < LISTING.length; index += 1) run()
    },
  }))
  return {
    name: 'azure listing of 1,000',
    reference: theirs[0]?.name ?? own.name,
    contestants: [own, ...theirs],
  }
}

function ownVerify(): Contestant[] {
  const host = `${ACCOUNT}.blob.core.windows.net`
  const now = new Date()
  const requests = NAMES.map((blob, index): RawRequest => {
    // Signed over the last minute, as the requests of a busy server are.
    const signedAt = new Date(now.getTime() - index * 250)
    const { url } = presignAzureBlob({ ...OWN, blob, now: signedAt })
    // Through bytes, as from a socket: one flat piece of text.
    const target = Buffer.from(url.slice(`https://${host}`.length)).toString('latin1')
    return { method: 'GET', target, headers: ['Host', host, 'Accept', '*/*'] }
  })
  const keys = [ACCOUNT_KEY]
  const options = { account: ACCOUNT, lookup: () => keys, now }
  const verifier = createAzureVerifier(options)
  let next = 0
  function take(): RawRequest {
    next = (next + 1) % requests.length
    return requests[next] ?? { method: '', target: '', headers: [] }
  }
  return [
    {
      name: '@hallpass/signing createAzureVerifier(…).verify',
      run: () => verifier.verify(take(), { now }),
    },
    { name: '@hallpass/signing verifyAzure', run: () => verifyAzure(take(), options) },
  ]
}

/** The two hashes of an HMAC over text of the length it has here. */
function floor(): Contestant {
  const inner = 'i'.repeat(64 + 120)
  const outer = 'o'.repeat(64 + 32)
  return {
    name: FLOOR,
    run: () => {
      hash('sha256', inner, 'hex')
      return hash('sha256', outer, 'base64')
    },
  }
}

type Sdk = typeof storageBlob

function sdkService(sdk: Sdk): Contestant {
  const credential = new sdk.StorageSharedKeyCredential(ACCOUNT, ACCOUNT_KEY)
  const turn = createTurn()
  return {
    name: SDK,
    run: () => {
      const blobName = turn()
      const values = {
        containerName: CONTAINER,
        blobName,
        permissions: sdk.BlobSASPermissions.parse('r'),
        protocol: sdk.SASProtocol.Https,
        expiresOn: new Date(Date.now() + EXPIRES_SECONDS * 1000),
        version: VERSION,
      }
      const token = sdk.generateBlobSASQueryParameters(values, credential).toString()
      return `https://${ACCOUNT}.blob.core.windows.net/${CONTAINER}/${blobName}?${token}`
    },
  }
}

function sdkDelegation(sdk: Sdk): Contestant {
  const turn = createTurn()
  return {
    name: SDK,
    run: () => {
      const blobName = turn()
      const values = {
        containerName: CONTAINER,
        blobName,
        permissions: sdk.BlobSASPermissions.parse('r'),
        protocol: sdk.SASProtocol.Https,
        expiresOn: new Date(Date.now() + EXPIRES_SECONDS * 1000),
        version: VERSION,
      }
      const token = sdk.generateBlobSASQueryParameters(values, DELEGATION_KEY, ACCOUNT).toString()
      return `https://${ACCOUNT}.blob.core.windows.net/${CONTAINER}/${blobName}?${token}`
    },
  }
}
