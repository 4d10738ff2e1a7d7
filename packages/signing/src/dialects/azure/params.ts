/**
 * The parameters of a shared access signature (SAS), which of them each kind signs, and from which version on.
 *
 * @module
 */

import { SigningError } from '../../errors.ts'

/** Every parameter of a SAS but the signature, in the order the official SDKs write them. */
export const AZURE_PARAMETERS = [
  'sv',
  'ss',
  'srt',
  'spr',
  'st',
  'se',
  'sip',
  'si',
  'ses',
  'skoid',
  'sktid',
  'skt',
  'ske',
  'sks',
  'skv',
  'sr',
  'sp',
  'rscc',
  'rscd',
  'rsce',
  'rscl',
  'rsct',
  'saoid',
  'suoid',
  'scid',
  'sdd',
  'sduoid',
  'skdutid',
  'srh',
  'srq',
] as const

export type AzureParameter = (typeof AZURE_PARAMETERS)[number]

/** The parameters of one token, decoded. What is not there is an empty line in the string to sign. */
export type AzureFields = { -readonly [Name in AzureParameter]?: string | undefined }

/** Fields of which none is set. Made in one shape, so that reading them is cheap. */
export function createFields(version: string | undefined): AzureFields {
  return {
    sv: version,
    ss: undefined,
    srt: undefined,
    spr: undefined,
    st: undefined,
    se: undefined,
    sip: undefined,
    si: undefined,
    ses: undefined,
    skoid: undefined,
    sktid: undefined,
    skt: undefined,
    ske: undefined,
    sks: undefined,
    skv: undefined,
    sr: undefined,
    sp: undefined,
    rscc: undefined,
    rscd: undefined,
    rsce: undefined,
    rscl: undefined,
    rsct: undefined,
    saoid: undefined,
    suoid: undefined,
    scid: undefined,
    sdd: undefined,
    sduoid: undefined,
    skdutid: undefined,
    srh: undefined,
    srq: undefined,
  }
}

/**
 * Who signed and for what: an account key for one container, blob or directory; an account key for whole services;
 * a key that Microsoft Entra gave to one of its principals.
 */
export type AzureSasKind = 'service' | 'account' | 'user-delegation'

/** The version this library signs with unless told otherwise. */
export const DEFAULT_VERSION = '2026-04-06'

/** The first version of each kind whose string to sign is one of those known here. */
export const FIRST_VERSIONS: Readonly<Record<AzureSasKind, string>> = {
  service: '2015-04-05',
  account: '2015-04-05',
  'user-delegation': '2018-11-09',
}

const NEVER = '9999'
const ALWAYS = ''

/** From which version on a kind of token signs a parameter; what is listed nowhere is signed by none. */
type SignedFrom = Readonly<Partial<Record<AzureParameter, string>>>

const COMMON: SignedFrom = {
  sv: ALWAYS,
  sp: ALWAYS,
  st: ALWAYS,
  se: ALWAYS,
  sip: ALWAYS,
  spr: ALWAYS,
  ses: '2020-12-06',
}
const OVERRIDES: SignedFrom = {
  rscc: ALWAYS,
  rscd: ALWAYS,
  rsce: ALWAYS,
  rscl: ALWAYS,
  rsct: ALWAYS,
}
// `sdd` has no line of its own: it says how much of the path is in the resource line.
const RESOURCE: SignedFrom = { sr: ALWAYS, sdd: '2020-02-10' }

const SIGNED_FROM: Readonly<Record<AzureSasKind, SignedFrom>> = {
  service: { ...COMMON, ...OVERRIDES, ...RESOURCE, si: ALWAYS },
  account: { ...COMMON, ss: ALWAYS, srt: ALWAYS },
  'user-delegation': {
    ...COMMON,
    ...OVERRIDES,
    ...RESOURCE,
    skoid: ALWAYS,
    sktid: ALWAYS,
    skt: ALWAYS,
    ske: ALWAYS,
    sks: ALWAYS,
    skv: ALWAYS,
    saoid: '2020-02-10',
    suoid: '2020-02-10',
    scid: '2020-02-10',
    sduoid: '2025-07-05',
    skdutid: '2025-07-05',
    srh: '2026-04-06',
    srq: '2026-04-06',
  },
}

/** True if tokens of this kind and version sign the parameter: only then may it mean anything. */
export function isSigned(kind: AzureSasKind, version: string, name: AzureParameter): boolean {
  // Versions are dates in one form, so text order is time order.
  return version >= (SIGNED_FROM[kind][name] ?? NEVER)
}

const VERSION = /^\d{4}-\d\d-\d\d$/

/** True if the text is a version for this kind of token. */
export function isKnownVersion(kind: AzureSasKind, version: string): boolean {
  return VERSION.test(version) && version >= FIRST_VERSIONS[kind]
}

// A line feed inside a value would make one signed string out of two different tokens.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/

/** True if the text holds a control character, which no part of a string to sign may. */
export function hasControl(text: string): boolean {
  return CONTROL.test(text)
}

/** The error of a parameter that does not have its form. */
export function malformed(parameter: string, reason: string): SigningError<'parameter-malformed'> {
  return new SigningError('parameter-malformed', `${parameter} does not have its form: ${reason}`, {
    parameter,
    reason,
  })
}

/** The error of a parameter that is missing. */
export function missing(parameter: string): SigningError<'parameter-missing'> {
  return new SigningError('parameter-missing', `${parameter} is missing`, { parameter })
}
