/**
 * What can be wrong with the parameters of a fourth-version URL before any key is tried.
 *
 * @module
 */
import type { CauseFacts, Finding } from '../facts/dialect-facts.ts'
import type { ObservedUrl } from '../facts/observed-url.ts'
import { findParameter } from '../facts/observed-url.ts'
import { parseBasicTimestamp } from '../../lib/timestamp.ts'
import { iso } from './time-rules.ts'

/** The names in which the dialects differ. */
export interface V4Rules {
  /** `X-Amz-`, `X-Goog-`. */
  readonly prefix: string
  readonly algorithms: readonly string[]
  readonly services: readonly string[]
  readonly terminal: string
  /** Digits a signature of the algorithm has; `null` where it varies. */
  readonly signatureLength: (algorithm: string) => number | null
}

const SURE = 0.95
const MAX_EXPIRES = 604_800
/** In the order in which signers sort them: a cut URL lacks the later ones. */
const PARTS = ['Algorithm', 'Credential', 'Date', 'Expires', 'Signature', 'SignedHeaders'] as const

/** All structural findings of the query form. */
export function v4QueryFindings(url: ObservedUrl, rules: V4Rules): Finding[] {
  const signature = signatureFindings(url, rules)
  // What stood behind the cut is missing for the same reason.
  const isCut = signature.some(({ code }) => code === 'url-truncated')
  return [
    ...doubled(url, rules),
    ...wrongCase(url, rules),
    ...(isCut ? [] : missing(url, rules)),
    ...algorithmFindings(url, rules),
    ...dateFindings(url, rules),
    ...expiresFindings(url, rules),
    ...(serviceFindings(url, rules) ?? credentialFindings(url, rules)),
    ...signedHeadersFindings(url, rules),
    ...signature,
  ]
}

function valueOf(url: ObservedUrl, rules: V4Rules, part: string): string | null {
  return findParameter(url, rules.prefix + part)?.value ?? null
}

function doubled(url: ObservedUrl, { prefix }: V4Rules): Finding[] {
  const counts = new Map<string, number>()
  for (const { name } of url.parameters) counts.set(name, (counts.get(name) ?? 0) + 1)
  const lower = prefix.toLowerCase()
  const twice = [...counts].filter(
    ([name, count]) =>
      count > 1 && (name.toLowerCase().startsWith(lower) || /^(x-id|response-)/i.test(name)),
  )
  if (twice.length === 0) return []
  return [
    { code: 'parameter-doubled', confidence: 0.97, facts: names(twice.map(([name]) => name)) },
  ]
}

function wrongCase(url: ObservedUrl, { prefix }: V4Rules): Finding[] {
  const wanted = new Map(PARTS.map((part) => [(prefix + part).toLowerCase(), prefix + part]))
  const wrong = url.parameters
    .map(({ name }) => name)
    .filter((name) => {
      const right = wanted.get(name.toLowerCase())
      return right !== undefined && right !== name && findParameter(url, right) === undefined
    })
  if (wrong.length === 0) return []
  return [{ code: 'parameter-case', confidence: 0.97, facts: names(wrong) }]
}

function missing(url: ObservedUrl, { prefix }: V4Rules): Finding[] {
  const present = new Set(url.parameters.map(({ name }) => name.toLowerCase()))
  const lost = PARTS.filter((part) => !present.has((prefix + part).toLowerCase()))
  if (lost.length === 0) return []
  const last = url.parameters.at(-1)
  const stump = last !== undefined && isStump(last.rawName, lost, prefix)
  const isTail = lost.length > 1 && PARTS.slice(-lost.length).every((part) => lost.includes(part))
  if (stump || (isTail && last?.name.toLowerCase().startsWith(prefix.toLowerCase()) === true)) {
    return [{ code: 'url-truncated', confidence: SURE, facts: { where: 'the query' } }]
  }
  const facts = names(lost.map((part) => prefix + part))
  return [{ code: 'parameter-missing', confidence: SURE, facts }]
}

function isStump(rawName: string, lost: readonly string[], prefix: string): boolean {
  return lost.some((part) => {
    const whole = prefix + part
    return rawName !== '' && rawName.length < whole.length && whole.startsWith(rawName)
  })
}

function algorithmFindings(url: ObservedUrl, rules: V4Rules): Finding[] {
  const algorithm = valueOf(url, rules, 'Algorithm')
  if (algorithm === null || rules.algorithms.includes(algorithm)) return []
  const facts = {
    algorithm: algorithm.slice(0, 40) || '(empty)',
    expected: rules.algorithms[0] ?? '',
  }
  return [{ code: 'algorithm-unsupported', confidence: 0.94, facts }]
}

function dateFindings(url: ObservedUrl, rules: V4Rules): Finding[] {
  const date = valueOf(url, rules, 'Date')
  if (date === null || parseBasicTimestamp(date) !== null) return []
  return [malformed(`${rules.prefix}Date`, "it is not yyyyMMdd'T'HHmmss'Z' in UTC")]
}

function expiresFindings(url: ObservedUrl, rules: V4Rules): Finding[] {
  const expires = valueOf(url, rules, 'Expires')
  if (expires === null) return []
  if (!/^\d{1,15}$/.test(expires)) {
    return [malformed(`${rules.prefix}Expires`, 'it is not a whole number of seconds')]
  }
  if (Number(expires) <= MAX_EXPIRES) return []
  const moment = momentOf(Number(expires))
  if (moment !== null) {
    const facts = { parameter: `${rules.prefix}Expires`, moment, start: `${rules.prefix}Date` }
    return [{ code: 'expiry-as-moment', confidence: 0.97, facts }]
  }
  if (isLifeInMilliseconds(Number(expires))) {
    const facts = { parameter: `${rules.prefix}Expires` }
    return [{ code: 'expiry-in-milliseconds', confidence: 0.96, facts }]
  }
  const facts = { seconds: Number(expires), maxSeconds: MAX_EXPIRES }
  return [{ code: 'expiry-too-long', confidence: 0.96, facts }]
}

/** What lies between 2001 and 2100 in seconds or milliseconds since 1970 is no life but an end. */
function momentOf(expires: number): string | null {
  const seconds = expires > 1e12 ? expires / 1000 : expires
  return seconds > 1e9 && seconds < 4.1e9 ? iso(new Date(Math.floor(seconds) * 1000)) : null
}

const DAY = 86_400

/** Whole days up to a year, and whole years, are what people mean in seconds; the rest is a span in milliseconds. */
function isLifeInMilliseconds(life: number): boolean {
  if (life % 1000 !== 0 || life / 1000 > MAX_EXPIRES) return false
  const days = life / DAY
  return !(Number.isInteger(days) && (days <= 366 || days % 365 === 0))
}

const OTHER_SERVICES: ReadonlySet<string> = new Set(
  (
    'execute-api iotdevicegateway iotdata sts rds-db eks lambda transcribe polly es aoss elasticache memorydb kafka-cluster ' +
    'appsync neptune-db bedrock sqs sns dsql dynamodb ec2 iam kinesis kinesisvideo kms logs monitoring events states ' +
    'secretsmanager ssm cassandra cognito-idp cognito-identity vpc-lattice-svcs vpc-lattice ecr codecommit glacier ses email ' +
    'firehose athena glue redshift timestream sagemaker rekognition textract comprehend translate ivs chime connect iot ' +
    'iotwireless mediaconvert airflow amplify apigateway cloudfront route53 wafv2 xray osis aps grafana managedblockchain'
  ).split(' '),
)
const STORES: ReadonlySet<string> = new Set(['s3', 's3express', 's3-object-lambda', 's3-outposts'])

/**
 * The service of Amazon that is no object store a credential is for, or `null`: its signatures are of the same kind. A
 * service that is not listed counts if the host names it.
 */
export function otherAmazonService(credential: string, host: string): string | null {
  const parts = credential.split('/')
  const service = (parts.at(-1) === 'aws4_request' ? parts.at(-2) : parts[3]) ?? ''
  if (STORES.has(service)) return null
  if (OTHER_SERVICES.has(service)) return service
  const isNamed = /^[a-z][a-z0-9-]{1,40}$/.test(service) && host.split('.').includes(service)
  return isNamed && /\.(?:amazonaws\.com(?:\.cn)?|on\.aws|api\.aws)$/i.test(host) ? service : null
}

function serviceFindings(url: ObservedUrl, rules: V4Rules): Finding[] | null {
  const service = otherAmazonService(valueOf(url, rules, 'Credential') ?? '', url.host)
  if (service === null || rules.prefix !== 'X-Amz-') return null
  const isOfS3 = /(?:^|\.)s3[.-]/i.test(url.host)
  const facts = { service, store: 'S3' }
  return [{ code: 'service-other', confidence: isOfS3 ? SURE : 0.6, facts }]
}

function credentialFindings(url: ObservedUrl, rules: V4Rules): Finding[] {
  const credential = valueOf(url, rules, 'Credential')
  if (credential === null) return []
  const parts = credential.split('/')
  const [, day = '', , service = '', terminal = ''] = parts
  if (parts.length !== 5) {
    const facts = { reason: partsReason(credential, parts, rules) }
    return [{ code: 'scope-malformed', confidence: SURE, facts }]
  }
  const reason =
    terminal !== rules.terminal
      ? `its last part is not ${rules.terminal}`
      : !rules.services.includes(service)
        ? `its service is not ${rules.services.join(' or ')}`
        : !/^\d{8}$/.test(day)
          ? 'its day is not yyyyMMdd'
          : null
  if (reason !== null) return [{ code: 'scope-malformed', confidence: SURE, facts: { reason } }]
  const date = valueOf(url, rules, 'Date') ?? ''
  if (parseBasicTimestamp(date) === null || date.slice(0, 8) === day) return []
  const facts: CauseFacts = {
    scopeDate: day,
    parameter: `${rules.prefix}Date`,
    date: date.slice(0, 8),
  }
  return [{ code: 'scope-date-mismatch', confidence: 0.96, facts }]
}

function partsReason(credential: string, parts: readonly string[], { terminal }: V4Rules): string {
  if (/%2f/i.test(credential)) return 'its slashes are encoded twice'
  return parts.length > 5 && parts.at(-1) === terminal
    ? 'its key id holds a slash, as secrets do and ids never: id and secret may be swapped'
    : `it has ${parts.length} parts`
}

function signedHeadersFindings(url: ObservedUrl, rules: V4Rules): Finding[] {
  const list = valueOf(url, rules, 'SignedHeaders')
  return list === null ? [] : signedHeaderListFindings(list, `${rules.prefix}SignedHeaders`)
}

/** The list of signed headers must be lower case, sorted, each name once, with `host`. */
export function signedHeaderListFindings(list: string, parameter: string): Finding[] {
  const signed = list.split(';').slice(0, 200)
  if (list !== list.toLowerCase()) return [malformed(parameter, 'names must be in lower case')]
  if (!signed.includes('host')) return [malformed(parameter, 'host is not among them')]
  const isSorted = signed.every((name, index) => index === 0 || (signed[index - 1] ?? '') < name)
  return isSorted
    ? []
    : [malformed(parameter, 'names must be sorted, each once, and joined by semicolons')]
}

function signatureFindings(url: ObservedUrl, rules: V4Rules): Finding[] {
  const parameter = findParameter(url, `${rules.prefix}Signature`)
  if (parameter === undefined) return []
  const { value } = parameter
  const length = rules.signatureLength(valueOf(url, rules, 'Algorithm') ?? '')
  if (/^[0-9a-f]+$/.test(value) && (length === null || value.length === length)) return []
  const isLast = url.parameters.at(-1) === parameter
  if (isLast && length !== null && value.length < length && /^[0-9a-f]*$/.test(value)) {
    return [{ code: 'url-truncated', confidence: SURE, facts: { where: 'the signature' } }]
  }
  if (/^[0-9a-fA-F]+$/.test(value) && value !== value.toLowerCase()) {
    return [{ code: 'signature-case', confidence: 0.93 }]
  }
  const reason = /^[0-9a-f]*$/.test(value)
    ? `it has ${value.length} digits${length === null ? '' : `, not ${length}`}`
    : 'it holds characters other than 0-9 and a-f'
  return [{ code: 'signature-malformed', confidence: 0.94, facts: { reason } }]
}

function malformed(parameter: string, reason: string): Finding {
  return { code: 'parameter-malformed', confidence: SURE, facts: { names: parameter, reason } }
}

function names(list: readonly string[]): CauseFacts {
  return { names: list.join(', ').slice(0, 200) }
}
