/** Puts what went wrong between this server and a store into words, in which nothing of the store's stands but its short code. */
import { AddressNotAllowed } from '../../platform/checked-lookup.ts'
import type { StoreError } from '../../platform/store-errors.ts'
import { storeRefused, storeUnavailable } from '../../platform/store-errors.ts'

/** Of no connection, or one that broke: a retry may help. */
export function isTransient(error: unknown): boolean {
  return !(error instanceof AddressNotAllowed) && !isCertificateFault(codeOf(error))
}

/** No answer came, or it broke off. */
export function unreachable(store: string, error: unknown): StoreError {
  const code = codeOf(error)
  if (error instanceof AddressNotAllowed) {
    return storeUnavailable(
      `${store} leads to an address that this server may not connect to: a private one has to be in HALLPASS_STORE_NETWORKS.`,
    )
  }
  if (isCertificateFault(code)) {
    return storeUnavailable(`${store} shows a certificate that nobody vouches for (${code}).`)
  }
  return storeUnavailable(`${store} does not answer (${code === '' ? 'no reason given' : code}).`)
}

/** Who is asked again says the same. */
export function refused(
  store: string,
  { status, code }: { readonly status: number; readonly code: string | null },
): StoreError {
  return storeRefused(`${store} refuses the credentials or what they may do (${code ?? status}).`)
}

/** An answer that no call expects. */
export function unexpected(
  store: string,
  answer: { readonly status: number; readonly code: string | null },
): StoreError {
  const { status, code } = answer
  if (status === 401 || status === 403) return refused(store, answer)
  const said = code === null ? `${status}` : `${status} ${code}`
  if (status >= 300 && status < 400) {
    return storeUnavailable(
      `${store} sends requests elsewhere (${said}), which is not followed: name its own endpoint and region.`,
    )
  }
  return storeUnavailable(`${store} answers ${said}.`)
}

/** What a store calls a thing; anything else is not repeated. */
export function cleanCode(text: string | null): string | null {
  return text !== null && /^[A-Za-z0-9.]{1,64}$/.test(text) ? text : null
}

function isCertificateFault(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|ALTNAME/.test(code)
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.cause === undefined ? '' : codeOf(error.cause)
}
