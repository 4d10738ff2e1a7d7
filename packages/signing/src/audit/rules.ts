/**
 * The rules of an audit: one closed list. Ids never change their meaning; docs/audit.md has a paragraph each.
 *
 * @module
 */

export type Severity = 'error' | 'warning' | 'note'

export interface Rule {
  /** A short name in kebab case, for people and for SARIF. */
  readonly name: string
  readonly severity: Severity
  /** What is wrong, in one sentence. */
  readonly title: string
  /** What to do about it. */
  readonly fix: string
}

/** HP0xx: URLs and secrets in text. HP1xx: calls in source code. HP2xx: configuration of servers. */
export type RuleId =
  | 'HP001'
  | 'HP002'
  | 'HP003'
  | 'HP004'
  | 'HP005'
  | 'HP006'
  | 'HP007'
  | 'HP008'
  | 'HP009'
  | 'HP010'
  | 'HP011'
  | 'HP012'
  | 'HP013'
  | 'HP101'
  | 'HP102'
  | 'HP103'
  | 'HP104'
  | 'HP105'
  | 'HP106'
  | 'HP107'
  | 'HP108'
  | 'HP109'
  | 'HP110'
  | 'HP201'
  | 'HP202'
  | 'HP203'
  | 'HP204'
  | 'HP205'
  | 'HP206'

export const RULES: Readonly<Record<RuleId, Rule>> = {
  HP001: {
    name: 'live-url',
    severity: 'error',
    title: 'A signed URL that still works stands where it can be read.',
    fix: 'Revoke the URL or the key that signed it, remove it here and from the history, and write URLs only through a redactor.',
  },
  HP002: {
    name: 'leaked-url',
    severity: 'note',
    title:
      'A signed URL that has run out stands where it can be read: the next one will stand there too.',
    fix: 'Find what wrote it and pass its output through a redactor.',
  },
  HP003: {
    name: 'long-expiry',
    severity: 'warning',
    title: 'A signed URL lives longer than the policy allows.',
    fix: 'Sign for the minutes the client needs, and sign again when it asks again.',
  },
  HP004: {
    name: 'no-expiry',
    severity: 'error',
    title: 'A signed URL does not say when it ends, or ends more than a year after it was made.',
    fix: 'Give every URL an end; for Azure put it into the token, not only into a stored access policy.',
  },
  HP005: {
    name: 'method-not-allowed',
    severity: 'error',
    title: 'A signed URL opens a method the policy does not allow.',
    fix: 'Delete through your own server, which can check and record it; sign only for reading and uploading.',
  },
  HP006: {
    name: 'plain-http',
    severity: 'warning',
    title: 'A signed URL is for plain http, or is accepted there.',
    fix: 'Use https; for Azure sign spr=https.',
  },
  HP007: {
    name: 'no-ip-bound',
    severity: 'warning',
    title: 'A signed URL is not bound to an address range, and the policy asks for one.',
    fix: 'Bind it to the client: sip for Azure, IpAddress for CloudFront, X-Hallpass-Ip for Hallpass.',
  },
  HP008: {
    name: 'upload-any-type',
    severity: 'warning',
    title: 'A signed upload takes any content type.',
    fix: 'Sign the content-type header, or put a Content-Type condition into the POST policy.',
  },
  HP009: {
    name: 'upload-any-size',
    severity: 'warning',
    title: 'A signed upload takes any size.',
    fix: 'Sign content-length, x-goog-content-length-range, or put content-length-range into the POST policy.',
  },
  HP010: {
    name: 'wide-scope',
    severity: 'warning',
    title: 'One signature opens more than one file.',
    fix: 'Sign for one file, or for the narrowest prefix that serves.',
  },
  HP011: {
    name: 'weak-scheme',
    severity: 'warning',
    title: 'A signed URL uses a scheme that its provider has replaced or that is weak.',
    fix: 'Sign with the current scheme: SigV4, V4 signed URLs, HMAC-SHA256 tokens.',
  },
  HP012: {
    name: 'secret-in-text',
    severity: 'warning',
    title: 'A signature, token or key stands in the text outside of a URL.',
    fix: 'Replace the key if it still works, and keep secrets in the environment or a secret store.',
  },
  HP013: {
    name: 'share-address',
    severity: 'error',
    title: 'The address of a share stands where it can be read: whoever has it has the share.',
    fix: 'Revoke the share if it was not meant for all who read this, and write addresses only through a redactor. A password, a number of uses and an end keep a leaked address from opening it for ever.',
  },
  HP101: {
    name: 'call-long-expiry',
    severity: 'warning',
    title: 'A call signs for longer than the policy allows.',
    fix: 'Sign for the minutes the client needs.',
  },
  HP102: {
    name: 'call-expiry-unit',
    severity: 'error',
    title: 'A call gives the expiry in the wrong unit.',
    fix: 'Look up the unit: AWS SDKs for JavaScript and Python take seconds, Go takes a time.Duration, Google takes a moment, CloudFront seconds since 1970.',
  },
  HP103: {
    name: 'call-method-not-allowed',
    severity: 'error',
    title: 'A call signs a method the policy does not allow.',
    fix: 'Delete through your own server.',
  },
  HP104: {
    name: 'call-upload-any-type',
    severity: 'warning',
    title: 'A call signs an upload without its content type.',
    fix: 'Pass the content type to the call, and make sure the SDK signs it.',
  },
  HP105: {
    name: 'call-upload-any-size',
    severity: 'warning',
    title: 'A call signs an upload without a bound on its size.',
    fix: 'Sign content-length or use a POST policy with content-length-range.',
  },
  HP106: {
    name: 'call-weak-scheme',
    severity: 'warning',
    title: 'A call or setting chooses signature version 2.',
    fix: 'Choose version 4.',
  },
  HP107: {
    name: 'call-wide-scope',
    severity: 'warning',
    title: 'A call signs for a whole account or container.',
    fix: 'Sign for one blob, or a directory.',
  },
  HP108: {
    name: 'call-plain-http',
    severity: 'warning',
    title: 'A call signs a URL that is accepted on plain http.',
    fix: 'Pass the protocol https.',
  },
  HP109: {
    name: 'call-empty-checksum',
    severity: 'note',
    title:
      'A call signs an upload with the checksum of an empty body, which stores other than S3 refuse.',
    fix: "Create the client with requestChecksumCalculation: 'WHEN_REQUIRED'.",
  },
  HP110: {
    name: 'call-logs-url',
    severity: 'warning',
    title: 'Code writes a signed URL into a log.',
    fix: 'Log the key or the path, or pass the URL through a redactor first.',
  },
  HP201: {
    name: 'nginx-logs-query',
    severity: 'warning',
    title: 'nginx writes whole query strings, and with them signatures, into its log.',
    fix: 'Log $uri instead of $request, $request_uri and $args, and redact what is left.',
  },
  HP202: {
    name: 'apache-logs-query',
    severity: 'warning',
    title: 'Apache writes whole query strings, and with them signatures, into its log.',
    fix: 'Log %m %U %H instead of %r, and leave %q out.',
  },
  HP203: {
    name: 'caddy-logs-query',
    severity: 'warning',
    title: 'Caddy writes whole query strings, and with them signatures, into its log.',
    fix: 'Use the filter encoder with a query filter on request>uri.',
  },
  HP204: {
    name: 'haproxy-logs-query',
    severity: 'warning',
    title: 'HAProxy writes whole query strings, and with them signatures, into its log.',
    fix: 'Use a log-format with %[path] instead of option httplog, %r, %HU and %HQ.',
  },
  HP205: {
    name: 'envoy-logs-query',
    severity: 'warning',
    title: 'Envoy writes whole query strings, and with them signatures, into its log.',
    fix: 'Use %PATH(NQ)% instead of %REQ(:PATH)%.',
  },
  HP206: {
    name: 'logs-referer',
    severity: 'note',
    title: 'The server writes the Referer header into its log, which can be a signed URL.',
    fix: 'Leave the Referer out of the log format, and answer signed pages with Referrer-Policy: no-referrer.',
  },
}

export function isRuleId(text: string): text is RuleId {
  return Object.hasOwn(RULES, text)
}
