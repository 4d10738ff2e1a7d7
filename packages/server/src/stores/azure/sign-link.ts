/**
 * Shared access signatures that read one object: the key of the account makes them, or a key that the account gives to an identity for some days. One for writing would
 * let whoever has it write whatever he wants, of any length, so there is none.
 */
import { createAzureDelegationSigner, createAzureSigner } from '@hallpass/signing/azure'
import type { AzureDelegationKey, AzureDelegationRequest } from '@hallpass/signing/azure'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../platform/durations.ts'
import type { SignedRead } from '../object-store.ts'
import { readDocument, textOf } from '../send/xml-answer.ts'
import { urlOfKey } from './azure-calls.ts'
import type { AzureCalls } from './azure-calls.ts'

export type LinkSigner = (key: string, link: SignedRead) => Promise<URL>

/** `null` where there is nothing to sign with: a signature that was given is not handed on. */
export function createLinkSigner(calls: AzureCalls): LinkSigner | null {
  const { credentials, location, clock } = calls
  const { account, endpoint } = location
  const now = (): Date => new Date(clock.now())
  switch (credentials.kind) {
    case 'sas':
      return null
    case 'key': {
      const accountKey = credentials.key.reveal()
      const signer = createAzureSigner({ account, endpoint, accountKey, now })
      return (key, link) => Promise.resolve(new URL(signer.sign(requestOf(calls, key, link)).url))
    }
    case 'entra': {
      const keyFor = createDelegationKeys(calls)
      return async (key, link) => {
        const delegationKey = await keyFor(link.expiresInSeconds * SECOND_MS)
        const signer = createAzureDelegationSigner({ account, endpoint, delegationKey, now })
        return new URL(signer.sign(requestOf(calls, key, link)).url)
      }
    }
  }
}

function requestOf(
  { location: { container, prefix } }: AzureCalls,
  key: string,
  { expiresInSeconds, responseContentType, responseContentDisposition }: SignedRead,
): AzureDelegationRequest {
  return {
    container,
    blob: prefix + key,
    permissions: 'r',
    expiresInSeconds,
    responseHeaders: {
      ...(responseContentType !== undefined && { contentType: responseContentType }),
      ...(responseContentDisposition !== undefined && {
        contentDisposition: responseContentDisposition,
      }),
    },
  }
}

const COPY_SECONDS = 3600

/** A URL by which the store itself may read an object that it is to copy. */
export async function sourceOf(
  { credentials, location }: AzureCalls,
  signer: LinkSigner | null,
  key: string,
): Promise<string> {
  const signed = await signer?.(key, { expiresInSeconds: COPY_SECONDS })
  if (signed !== undefined) return signed.href
  const url = urlOfKey(location, key)
  return credentials.kind === 'sas' ? `${url}?${credentials.token.reveal()}` : url
}

/** A key lives as long as the longest link that it signs, and no longer than Azure gives one out for. */
const LONGEST_MS = 7 * DAY_MS
const USUAL_MS = DAY_MS
/** Clocks differ: it is not used up to its last minute, and began some minutes ago. */
const MARGIN_MS = HOUR_MS
const EARLIER_MS = 5 * MINUTE_MS

function createDelegationKeys(calls: AzureCalls): (lifeMs: number) => Promise<AzureDelegationKey> {
  let known: { readonly key: Promise<AzureDelegationKey>; readonly endsAt: number } | null = null
  return async (lifeMs) => {
    const nowMs = calls.clock.now()
    const needed = Math.min(nowMs + lifeMs + MARGIN_MS, nowMs + LONGEST_MS - MARGIN_MS)
    if (known === null || known.endsAt < needed) {
      const endsAt = Math.min(
        Math.max(nowMs + USUAL_MS, needed + MARGIN_MS),
        nowMs + LONGEST_MS - EARLIER_MS,
      )
      known = { key: askDelegationKey(calls, nowMs, endsAt), endsAt }
    }
    try {
      return await known.key
    } catch (error) {
      known = null
      throw error
    }
  }
}

async function askDelegationKey(
  calls: AzureCalls,
  nowMs: number,
  endsAt: number,
): Promise<AzureDelegationKey> {
  const time = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
  const text = `<?xml version="1.0" encoding="utf-8"?><KeyInfo><Start>${time(nowMs - EARLIER_MS)}</Start><Expiry>${time(endsAt)}</Expiry></KeyInfo>`
  const answer = await calls.ask({
    operation: 'GetUserDelegationKey',
    method: 'POST',
    at: 'service',
    query: { restype: 'service', comp: 'userdelegationkey' },
    headers: { 'content-type': 'application/xml' },
    body: { kind: 'bytes', bytes: Buffer.from(text) },
    wantsText: true,
  })
  if (answer.status !== 200) throw calls.faultOf(answer)
  const root = readDocument(calls.name, answer, 'UserDelegationKey')
  return {
    signedObjectId: textOf(root, 'SignedOid'),
    signedTenantId: textOf(root, 'SignedTid'),
    signedStartsOn: textOf(root, 'SignedStart'),
    signedExpiresOn: textOf(root, 'SignedExpiry'),
    signedService: textOf(root, 'SignedService'),
    signedVersion: textOf(root, 'SignedVersion'),
    value: textOf(root, 'Value'),
  }
}
