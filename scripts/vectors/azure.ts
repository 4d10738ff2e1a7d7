/** Azure's vectors: tokens the SDKs made, and requests that a server must take or refuse. */
import assert from 'node:assert/strict'
import type * as azure from '@hallpass/signing/azure'
import { requestOf } from '../../packages/signing/test/dialects/cloud-support.ts'
import type {
  AzureDerivedVector,
  AzureVector,
} from '../../packages/signing/test/dialects/azure/vectors.ts'
import {
  AZURE_SERVICE_CODES,
  isSameToken,
  presignVector,
  requestOfVector,
  verifyOptionsOf,
} from '../../packages/signing/test/dialects/azure/vectors.ts'
import { assertRefused, sortedParameters } from './aws-shapes.ts'
import { refuseBitFlips } from './cdn-shapes.ts'
import type { Check, VectorFamily, VectorFile } from './family.ts'
import { isRecord, listOf } from './family.ts'

type Library = typeof azure

async function runSdk(vector: AzureVector, library: Library, check: Check): Promise<void> {
  const { id, expected, kind, sign } = vector
  const request = requestOfVector(vector)
  const options = verifyOptionsOf(vector)
  await check(`${id} presign`, () => {
    const { url } = presignVector(vector, library)
    assert.equal(url.split('?')[0], expected.url.split('?')[0])
    assert.deepEqual(sortedParameters(url), sortedParameters(expected.url))
  })
  await check(`${id} verify`, () => {
    assert.equal(library.verifyAzure(request, options).kind, kind)
  })
  // A token for a container, a directory or the account opens other paths by right.
  const isWide = kind === 'account' || ['c', 'd'].includes(sign.fields['sr'] ?? '')
  await check(`${id} tamper`, () =>
    refuseBitFlips(
      request.target,
      (target) => library.verifyAzure({ ...request, target }, options),
      {
        start: isWide ? request.target.indexOf('?') + 1 : 1,
        isSame: (target) => isSameToken(request.target, target),
      },
    ),
  )
}

function runDerived(vector: AzureDerivedVector, library: Library): void {
  const { request, server, expect } = vector
  const verify = (): unknown =>
    library.verifyAzure(
      requestOf(request.url, { method: request.method, clientIp: vector.clientIp }),
      { account: server.account, lookup: () => [server.accountKey], now: new Date(vector.now) },
    )
  if (expect.allow) {
    verify()
    return
  }
  assertRefused(verify, vector.id)
  assert.throws(verify, (error: unknown) => {
    assert.ok(error instanceof Error && 'code' in error)
    assert.ok(
      AZURE_SERVICE_CODES[expect.code ?? '']?.includes(String(error.code)),
      String(error.code),
    )
    return true
  })
}

function kindOf({ content }: VectorFile): 'sdk' | 'derived' | null {
  const [vector] = listOf(content, 'vectors')
  if (vector === undefined) return null
  if (isRecord(vector['sign']) && 'keyKind' in vector['sign']) return 'sdk'
  return isRecord(vector['server']) && 'accountKey' in vector['server'] ? 'derived' : null
}

export const azureFamily: VectorFamily = {
  name: 'azure',
  accepts: (file) => kindOf(file) !== null,
  async run(file, loadEntry, check) {
    const library = (await loadEntry('azure')) as Library
    const vectors = listOf(file.content, 'vectors')
    if (kindOf(file) === 'derived') {
      for (const vector of vectors as unknown as AzureDerivedVector[]) {
        await check(vector.id, () => runDerived(vector, library))
      }
      return
    }
    for (const vector of vectors as unknown as AzureVector[]) await runSdk(vector, library, check)
  },
}
