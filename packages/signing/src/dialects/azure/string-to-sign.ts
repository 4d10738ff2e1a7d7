/**
 * The strings under the three kinds of SAS: decoded values, one a line, an empty line for what is absent. Which lines
 * there are depends on the version, so versions are compared as text with the break-points.
 *
 * ```
 * service          sp st se RESOURCE si sip spr sv [sr SNAPSHOT] [ses] rscc rscd rsce rscl rsct
 * user delegation  sp st se RESOURCE skoid sktid skt ske sks skv [saoid suoid scid] [skdutid sduoid]
 *                  sip spr sv sr SNAPSHOT [ses] [HEADERS QUERY] rscc rscd rsce rscl rsct
 * account          ACCOUNT sp ss srt st se sip spr sv [ses] and one more line feed at the end
 * ```
 *
 * @module
 */

import type { AzureFields } from './params.ts'

/** What stands in a string to sign beside the parameters of the token. */
export interface AzureResource {
  /** `/blob/ACCOUNT/CONTAINER` and, for a blob or directory, its decoded name. */
  readonly path: string
  /** Snapshot time or version id, from the URL and not from the token; empty for everything else. */
  readonly snapshot: string
  /** The block of signed headers: `name:value` and a line feed each. */
  readonly headers: string
  /** The block of signed query parameters: a line feed and `name:value` each. */
  readonly query: string
}

/** The lines around the resource of a token: the same for all tokens that differ in the resource only. */
export interface AzureLines {
  readonly before: string
  readonly after: string
}

/** The string of a service SAS [AZURE-SERVICE-SAS] construct the string-to-sign. */
export function formatServiceString(fields: AzureFields, resource: AzureResource): string {
  const { before, after } = formatServiceLines(fields, resource.snapshot)
  return before + resource.path + after
}

/** The lines of a service SAS. */
export function formatServiceLines(fields: AzureFields, snapshot: string): AzureLines {
  const { sp = '', st = '', se = '', si = '', sip = '', spr = '', sv = '', sr = '' } = fields
  const lines = [si, sip, spr, sv]
  if (sv >= '2018-11-09') lines.push(sr, snapshot)
  if (sv >= '2020-12-06') lines.push(fields.ses ?? '')
  return {
    before: `${sp}\n${st}\n${se}\n`,
    // Joined to one flat text, where a chain of additions would have to be flattened by each hash.
    after: ['', ...lines, overridesOf(fields)].join('\n'),
  }
}

/** The string of a user delegation SAS [AZURE-DELEGATION-SAS] construct the string-to-sign. */
export function formatUserDelegationString(fields: AzureFields, resource: AzureResource): string {
  const { before, after } = formatUserDelegationLines(fields, resource)
  return before + resource.path + after
}

/** The lines of a user delegation SAS. */
export function formatUserDelegationLines(
  fields: AzureFields,
  resource: Omit<AzureResource, 'path'>,
): AzureLines {
  const { sp = '', st = '', se = '', sv = '', sip = '', spr = '', sr = '', ses = '' } = fields
  const scope = sv < '2020-12-06' ? '' : `${ses}\n`
  const signedParts = sv < '2026-04-06' ? '' : `${resource.headers}\n${resource.query}\n`
  const what = `${sip}\n${spr}\n${sv}\n${sr}\n${resource.snapshot}\n`
  const keyLines = keyLinesOf(fields) + principalLinesOf(fields)
  return {
    before: `${sp}\n${st}\n${se}\n`,
    after: `\n${keyLines}${what}${scope}${signedParts}${overridesOf(fields)}`,
  }
}

function keyLinesOf(fields: AzureFields): string {
  const { skoid = '', sktid = '', skt = '', ske = '', sks = '', skv = '' } = fields
  return `${skoid}\n${sktid}\n${skt}\n${ske}\n${sks}\n${skv}\n`
}

function principalLinesOf(fields: AzureFields): string {
  const { sv = '', saoid = '', suoid = '', scid = '', skdutid = '', sduoid = '' } = fields
  if (sv < '2020-02-10') return ''
  const agents = `${saoid}\n${suoid}\n${scid}\n`
  return sv < '2025-07-05' ? agents : `${agents}${skdutid}\n${sduoid}\n`
}

/** The string of an account SAS [AZURE-ACCOUNT-SAS] construct the signature string. */
export function formatAccountString(fields: AzureFields, account: string): string {
  const { sv = '' } = fields
  const scope = sv < '2020-12-06' ? '' : `${fields.ses ?? ''}\n`
  return (
    `${account}\n${fields.sp ?? ''}\n${fields.ss ?? ''}\n${fields.srt ?? ''}\n${fields.st ?? ''}\n` +
    `${fields.se ?? ''}\n${fields.sip ?? ''}\n${fields.spr ?? ''}\n${sv}\n${scope}`
  )
}

/** The block of signed headers, in the order of `srh`. */
export function formatHeaderBlock(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([name, value]) => `${name}:${value}\n`).join('')
}

/** The block of signed query parameters, in the order of `srq`. */
export function formatQueryBlock(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([name, value]) => `\n${name}:${value}`).join('')
}

function overridesOf(fields: AzureFields): string {
  const { rscc = '', rscd = '', rsce = '', rscl = '', rsct = '' } = fields
  return `${rscc}\n${rscd}\n${rsce}\n${rscl}\n${rsct}`
}
