/**
 * What a SAS signs, every part open to change, and the text it makes.
 *
 * @module
 */
import { fromBase64, utf8 } from '../../../lib/bytes.ts'
import type { ExplainContext } from '../../facts/dialect-facts.ts'
import { headerValue } from '../../facts/detection.ts'
import { hmacBase64, prepareHmacKey } from '../../../lib/hmac.ts'
import { percentDecode, percentEncode } from '../../../lib/percent-encode.ts'
import { isPathStyle } from './explain-grant.ts'
import { AZURE_PARAMETERS } from '../../../dialects/azure/params.ts'
import type { AzureFields } from '../../../dialects/azure/params.ts'
import {
  formatAccountString,
  formatHeaderBlock,
  formatQueryBlock,
  formatServiceString,
  formatUserDelegationString,
} from '../../../dialects/azure/string-to-sign.ts'
import { sha256 } from '../../../lib/sha256.ts'

type Kind = 'account' | 'service' | 'user-delegation'

/** What is signed, every part open to change. */
export interface SasView {
  readonly kind: Kind
  readonly fields: AzureFields
  readonly account: string
  readonly container: string
  /** Decoded, without a slash in front; empty for a container. */
  readonly name: string
  readonly snapshot: string
  readonly headers: string
  readonly query: string
  readonly secret: string
  /** Values go into the string percent-encoded: a mistake of hand-made signers. */
  readonly isEncoded: boolean
  /** What a hand-made signer built in the place of the text; `null`: the text itself. */
  readonly text: string | null
}

/** The signature of a view. */
export function signSas(view: SasView): string {
  const bytes = fromBase64(view.secret) ?? utf8(view.secret)
  return hmacBase64(prepareHmacKey(sha256, bytes), stringOf(view))
}

/** The text of a view. */
export function stringOf(view: SasView): string {
  if (view.text !== null) return view.text
  const fields = view.isEncoded ? encodeFields(view.fields) : view.fields
  const { sr } = fields
  const below = sr === 'c' ? '' : sr === 'd' ? directoryOf(view) : `/${view.name}`
  const path = `/blob/${view.account}/${view.container}${below}`
  const { snapshot, headers, query } = view
  const resource = { path: view.isEncoded ? encodePath(path) : path, snapshot, headers, query }
  if (view.kind === 'account') {
    return formatAccountString(fields, view.account)
  }
  return view.kind === 'service'
    ? formatServiceString(fields, resource)
    : formatUserDelegationString(fields, resource)
}

function directoryOf({ name, fields }: SasView): string {
  const depth = Number(fields.sdd ?? '')
  if (!Number.isInteger(depth) || depth < 1) return ''
  return `/${name.split('/').slice(0, depth).join('/')}`
}

function encodeFields(fields: AzureFields): AzureFields {
  const encoded: AzureFields = {}
  for (const [name, value] of Object.entries(fields)) {
    encoded[name as keyof AzureFields] = encodeURIComponent((value ?? '').toWellFormed())
  }
  return encoded
}

/** A decoded path as it stands in a URL. */
export function encodePath(path: string): string {
  return percentEncode(path.toWellFormed()).replaceAll('%2F', '/')
}

/** The request as it stands. */
export function toView({ request }: ExplainContext, values: ReadonlyMap<string, string>): SasView {
  const fields: AzureFields = {}
  for (const name of AZURE_PARAMETERS) {
    const value = values.get(name)
    if (value !== undefined) fields[name] = value
  }
  const { host, path } = request.url
  const decoded = (percentDecode(path) ?? path).replace(/^\//, '')
  const segments = decoded.split('/')
  const account = isPathStyle(host) ? (segments.shift() ?? '') : (host.split('.', 1)[0] ?? '')
  const [container = '', ...name] = segments
  return {
    kind: kindOf(values),
    fields,
    account: account.replace(/-secondary$/, ''),
    container,
    name: name.join('/'),
    snapshot: values.get('snapshot') ?? values.get('versionid') ?? '',
    headers: formatHeaderBlock(
      namesOf(values.get('srh')).map((header) => [header, headerValue(request, header) ?? '']),
    ),
    query: formatQueryBlock(
      namesOf(values.get('srq')).map((parameter) => [
        parameter,
        values.get(parameter.toLowerCase()) ?? '',
      ]),
    ),
    secret: '',
    isEncoded: false,
    text: null,
  }
}

function namesOf(list: string | undefined): string[] {
  return (list ?? '').split(',', 100).filter((name) => name !== '')
}

function kindOf(values: ReadonlyMap<string, string>): Kind {
  if (values.has('ss') || values.has('srt')) return 'account'
  return values.has('skoid') || values.has('sktid') ? 'user-delegation' : 'service'
}
