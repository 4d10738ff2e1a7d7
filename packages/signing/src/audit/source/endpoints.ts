/**
 * Finds clients of object stores that are made for plain http: what they sign travels unencrypted, and the signature with it.
 *
 * @module
 */
import type { PlacedHit } from '../configuration/web-server.ts'
import type { AuditPolicy } from '../policy.ts'

/** An endpoint's setting, in the spelling of every SDK, and the host behind `http://`. */
const ENDPOINT =
  /\b(?:endpoint|endPoint|endpoint_?url|endpointUrl|BaseEndpoint|EndpointResolver|S3_ENDPOINT|AWS_ENDPOINT_URL(?:_S3)?|WithEndpoint|WithBaseEndpoint)\b["'\])]{0,3}\s{0,3}(?:[:=(]|=>|:=)\s{0,3}(?:&|aws\.String\(|new\s+Uri\(|["'(]|\$?[\w.]{1,40}\s?(?:\?\?|\|\||or|\?:)\s?){0,3}["'`]?http:\/\/([^\s"'`/)]{1,200})/g

/** Settings that turn encryption off. */
const WITHOUT_TLS =
  /\b(?:useSSL|use_ssl|sslEnabled|ssl_enabled|DisableSSL|Secure|secure)\b["']?\s{0,3}(?:[:=]|=>)\s{0,3}(?:aws\.Bool\()?(false|False|true)\b/g

/** Hosts of one machine or one network of containers, where nobody else listens. */
export const PRIVATE_HOST: RegExp =
  /^(?:localhost|127\.|\[::1\]|0\.0\.0\.0|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|host\.docker\.internal|[\w-]+(?::|$)|.*\.(?:local|internal|localhost|test|svc|lan)(?::|$)|\$\{|\{)/i

const STORE = /minio|s3\b|S3Client|boto3|storage/i
const CLIENT_REACH = 400

/** The settings of a source file that choose plain http for a store. */
export function checkEndpoints(text: string, policy: AuditPolicy): PlacedHit[] {
  if (!policy.requireHttps || !STORE.test(text)) return []
  return [...plainEndpoints(text), ...clientsWithoutTls(text)]
}

function plainEndpoints(text: string): PlacedHit[] {
  return Array.from(text.matchAll(ENDPOINT)).flatMap((match) =>
    PRIVATE_HOST.test(match[1] ?? '')
      ? []
      : [hitAt(match, `the endpoint http://${match[1] ?? ''} signs URLs for plain http`)],
  )
}

function clientsWithoutTls(text: string): PlacedHit[] {
  return Array.from(text.matchAll(WITHOUT_TLS)).flatMap((match) => {
    const isOff = (match[1] === 'true') === match[0].startsWith('DisableSSL')
    // Cookies have a setting `secure` too: only in the call that makes the client it means the endpoint.
    const before = text.slice(Math.max(0, match.index - CLIENT_REACH), match.index)
    const client =
      /(?:Minio\.?Client|Minio|minio\.New|minio\.Options|S3Client|S3|aws\.Config|boto3\.(?:client|resource))\s*[({][^;]*$/.exec(
        before,
      )
    if (!isOff || client === null) return []
    const host = /["'`]([^"'`\s]{1,200})["'`]/.exec(client[0])?.[1] ?? ''
    return PRIVATE_HOST.test(host) ? [] : [hitAt(match, `${match[0]} signs URLs for plain http`)]
  })
}

function hitAt(match: RegExpExecArray, message: string): PlacedHit {
  return {
    ruleId: 'HP108',
    message,
    start: match.index,
    end: match.index + match[0].length,
  }
}
