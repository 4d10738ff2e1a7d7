/** Azure's vectors: tokens the SDKs made, and requests that a server must take or refuse. */
import assert from 'node:assert/strict'
import type { AzureDerivedVector, AzureLibrary, AzureVector } from './azure-vectors.ts'
import {
  AZURE_SERVICE_CODES,
  isSameToken,
  presignVector,
  requestOfVector,
  verifyOptionsOf,
} from './azure-vectors.ts'
import type { Check, VectorFamily, VectorFile } from './family.ts'
import { isRecord, listOf, tamperCheck } from './family.ts'
import { assertRefused, refuseBitFlips } from './refusals.ts'
import { assertSameUrl, toRequest } from './requests.ts'

async function runSdk(vector: AzureVector, library: AzureLibrary, check: Check): Promise<void> {
  const { id, expected, kind, sign } = vector
  const request = requestOfVector(vector)
  const options = verifyOptionsOf(vector)
  await check(`${id} presign`, () => {
    const { url, headers } = presignVector(vector, library)
    assertSameUrl(url, expected.url)
    assert.deepEqual({ ...headers }, lowerCased(sign.requestHeaders ?? {}))
  })
  await check(`${id} verify`, async () => {
    const verified = library.verifyAzure(request, options)
    assert.equal(verified.kind, kind)
    const twin = await library.verifyAzureAsync(request, {
      ...options,
      lookup: (keyId) => Promise.resolve(options.lookup(keyId)),
      policies: (container, policyId) =>
        Promise.resolve(options.policies?.(container, policyId) ?? null),
    })
    assert.deepEqual(twin, verified)
  })
  // A token for a container, a directory or the account opens other paths by right.
  const isWide = kind === 'account' || ['c', 'd'].includes(sign.fields['sr'] ?? '')
  await check(tamperCheck(id), () =>
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

function runDerived(vector: AzureDerivedVector, library: AzureLibrary): void {
  const { request, server, expect } = vector
  const verify = (): unknown =>
    library.verifyAzure(
      toRequest(request.url, { method: request.method, clientIp: vector.clientIp }),
      { account: server.account, lookup: () => [server.accountKey], now: new Date(vector.now) },
    )
  if (expect.allow) {
    verify()
    return
  }
  const codes = AZURE_SERVICE_CODES[expect.code ?? '']
  assert.ok(codes !== undefined, `no error is known to stand behind ${expect.code}`)
  assertRefused(verify, vector.id, codes)
}

function lowerCased(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name.toLowerCase(), value]),
  )
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
    const library = (await loadEntry('azure')) as AzureLibrary
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
