/**
 * Causes in the request: method, host, path, query, headers, body, browser.
 *
 * @module
 */

export const REQUEST = {
  'method-differs': {
    what: 'The URL was signed for {signed}, and the request was {sent}.',
    fix: 'Send the method that was signed. A URL for GET does not open HEAD: sign one for each.',
  },
  'host-changed': {
    what: 'The URL was signed for the host {signed}, and the request went to {sent}.',
    fix: 'Sign with the public host as the endpoint, and let the proxy pass the Host header through unchanged.',
  },
  'port-changed': {
    what: 'The port of the host is not the one that was signed ({signed}, sent {sent}).',
    fix: 'Sign with the port the client really uses; a proxy must pass on Host with its port.',
  },
  'scheme-changed': {
    what: 'The URL was signed as {signed} and requested as {sent}.',
    fix: 'Sign with the scheme the client uses; behind a proxy that ends TLS, sign the public https URL.',
  },
  'proxy-path-prefix': {
    what: 'A path prefix differs between what was signed and what arrived: {prefix}.',
    fix: 'Let the proxy forward the path unchanged, or sign with the public path and serve it under that path.',
  },
  'bucket-style-changed': {
    what: 'The bucket was signed in the {signed} and sent in the {sent}.',
    fix: 'Set path style or virtual-host style alike for signer and server, and rewrite neither in a proxy.',
  },
  'path-plus-for-space': {
    what: 'A blank in the path was written as a plus by one side.',
    fix: 'In a path a blank is %20 and a plus is %2B; use a path encoder, not a form encoder.',
  },
  'path-double-encoded': {
    what: 'The path was percent-encoded twice on one side.',
    fix: 'Encode the object name exactly once, and give SDKs the plain name.',
  },
  'path-decoded': {
    what: 'The path was decoded on the way: escapes that were signed are gone.',
    fix: 'Let proxies pass the path through raw (nginx: proxy_pass without a URI part).',
  },
  'path-unicode-form': {
    what: 'The object name was signed in another Unicode normal form than it was sent.',
    fix: 'Normalise names to NFC before they are stored and signed; macOS file names are NFD.',
  },
  'path-escape-case': {
    what: 'Percent escapes in the URL differ in letter case or extent from those signed.',
    fix: 'Send the URL byte for byte as signed; do not parse and rebuild it.',
  },
  'path-trailing-slash': {
    what: 'A slash at the end of the path was added or removed.',
    fix: 'Turn off trailing-slash redirects and rewrites in front of the store.',
  },
  'path-slashes-merged': {
    what: 'Doubled slashes in the path differ: one side merged or added one.',
    fix: 'Avoid leading slashes in object names; nginx: merge_slashes off.',
  },
  'path-dots-folded': {
    what: 'Dot segments in the path were folded on the way.',
    fix: 'Do not use . and .. as segments of object names; URL libraries remove them.',
  },
  'path-changed': {
    what: 'The path is not the one that was signed{as|}.',
    fix: 'Sign for exactly this object; a signature opens one path, in the form the scheme gives it.',
  },
  'query-plus-for-space': {
    what: 'A blank in the query is written as a plus; it was signed as %20.',
    fix: 'Replace + by %20 in the query after signing, or use a signer that emits what it signs.',
  },
  'query-unescaped-reserved': {
    what: "Characters such as ' ( ) * ! in the query were signed without being escaped.",
    fix: 'Escape all but letters, digits and - . _ ~ before signing; encodeURIComponent leaves five characters bare.',
  },
  'query-encoding': {
    what: 'The query was encoded in another way when it was signed.',
    fix: 'Send exactly the query that was signed.',
  },
  'authorization-header-added': {
    what: 'The request carries an Authorization header beside the signed URL.',
    fix: 'Send presigned URLs with a bare client: no default headers, and none kept across a redirect.',
  },
  'headers-unsigned': {
    what: 'The request carries headers that must be signed and are not: {names}.',
    fix: 'Leave them out, or give them to the signer.',
  },
  'header-conflict': {
    what: 'The header {name} and the parameter of that name say different things.',
    fix: 'Send the value once: as it was signed, in the place where it was signed.',
  },
  'header-missing': {
    what: 'The header {names} {why|was signed} and did not come.',
    fix: 'Send exactly the headers the signer returned, with the values it returned.',
  },
  'header-changed': {
    what: 'The header {names} differs from the value that was signed.',
    fix: 'Send the value that was signed; browsers add a charset or choose a type of their own when none is set.',
  },
  'empty-body-checksum': {
    what: 'The SDK signed the CRC32 of an empty body into the URL, and the upload is not empty.',
    fix: "Create the S3 client with requestChecksumCalculation: 'WHEN_REQUIRED' and sign again.",
  },
  'checksum-mode-signed': {
    what: 'The SDK signed x-amz-checksum-mode=ENABLED into the URL, which this store does not take.',
    fix: "Create the S3 client with responseChecksumValidation: 'WHEN_REQUIRED' and requestChecksumCalculation: 'WHEN_REQUIRED'.",
  },
  'payload-mismatch': {
    what: 'The body is not the one whose hash was signed.',
    fix: 'Send the bytes that were hashed, or sign with UNSIGNED-PAYLOAD; compression and text conversion change bytes.',
  },
  'entity-too-large': {
    what: 'The body is larger than a single upload may be.',
    fix: 'Use a multipart upload and sign each part; one PUT takes 5 GiB at most.',
  },
  'content-type-unbound': {
    what: 'The URL takes any content type: content-type is not among the signed headers.',
    fix: 'Sign content-type as a header, so that the upload must carry it.',
  },
  'size-unbound': {
    what: 'The URL takes a body of any size: content-length is not among the signed headers.',
    fix: 'Sign content-length for an exact size, or use a POST policy with content-length-range.',
  },
  'cache-defeated': {
    what: 'The URL works; it is new at each rendering, so caches never see it twice.',
    fix: 'Round the signing time down to a window, so that the same URL comes back within it.',
  },
  'link-spent': {
    what: 'The signature is right; the link was used up or revoked.',
    fix: 'Issue a new link. Previews and scanners open links too: let a button on a page consume them.',
  },
} as const

export const BROWSER = {
  'cors-preflight-refused': {
    what: 'The preflight request (OPTIONS) was refused, so the browser never sends the real one.',
    fix: 'Allow the origin, method and headers in the CORS rules; a server must never ask a preflight for a signature.',
  },
  'cors-headers-missing': {
    what: 'The answer has no CORS headers, so the browser hides its status and shows a CORS error instead.',
    fix: 'Configure CORS for this origin, for errors too, and look at the true status with curl.',
  },
  'cors-etag-not-exposed': {
    what: 'The browser may not read ETag: it is not in Access-Control-Expose-Headers.',
    fix: 'Expose ETag in the CORS rules of the bucket; multipart uploads need it.',
  },
  'policy-condition-failed': {
    what: 'A field of the form breaks a condition of its policy: {names}.',
    fix: 'Send the value the policy names, or sign a policy that allows it.',
  },
  'policy-field-missing': {
    what: 'The form lacks the field {names}.',
    fix: 'Send every field the signer returned, before the file.',
  },
  'policy-extra-field': {
    what: 'The form has a field no condition covers: {names}.',
    fix: 'Remove it, or add a condition for it and sign again.',
  },
  'policy-malformed': {
    what: 'The policy is not one: {reason}.',
    fix: 'Send the policy exactly as it was returned by the signer.',
  },
} as const
