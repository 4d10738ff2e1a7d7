/**
 * Causes in the text of the URL and in its parameters.
 *
 * @module
 */

export const URL_TEXT = {
  'url-unrecognised': {
    what: 'Nothing in this request belongs to a signing scheme known here.',
    fix: 'Check that the whole URL was copied, query included, and that its signature parameters survived.',
  },
  'url-html-escaped': {
    what: 'The URL holds {escape} where an ampersand belongs: it was copied out of HTML or XML source.',
    fix: 'Unescape the HTML entities before the request is made, once.',
  },
  'url-json-escaped': {
    what: 'The URL holds {escape}: it was copied out of JSON or a script without unescaping.',
    fix: 'Parse the JSON, or replace the escape by the character it stands for, before the request is made.',
  },
  'url-escapes-eaten': {
    what: 'Percent escapes of the URL are gone: {by}.',
    fix: 'Print a URL as a value and never as the format ("%s"), and write %% for each % of it in a batch file.',
  },
  'url-wrapped': {
    what: 'The signed URL is wrapped in a redirect of {host}.',
    fix: 'Use the inner URL, decoded once; exclude the domain from link rewriting, which also opens links ahead of their reader.',
  },
  'url-double-encoded': {
    what: 'The URL was percent-encoded a second time after it was signed; {where} shows it.',
    fix: 'Hand the presigned URL on as it is: no encodeURI, no second query builder, no URL in a URL without decoding it again.',
  },
  'url-truncated': {
    what: 'The URL ends early: {where} is cut.',
    fix: 'Copy the whole URL; look for a column limit, a shell that stops at an unquoted ampersand, or a log that cuts lines.',
  },
  'url-line-broken': {
    what: 'The URL holds a line break or a blank: it was wrapped by a mail program, a terminal or an editor.',
    fix: 'Join the lines and remove the blanks, or send the URL as a link instead of as text.',
  },
  'url-trailing-junk': {
    what: 'Beside the URL stands {junk}, which is not part of it.',
    fix: 'Remove it: it comes from the sentence, log line, bracket or quotation mark around the URL.',
  },
  'url-invisible-character': {
    what: 'The URL holds an invisible or typographic character ({character}).',
    fix: 'Copy the URL from its source again; word processors and chats insert such characters.',
  },
  'url-fragment': {
    what: 'A bare # in the URL hides everything after it from the server.',
    fix: 'Write # in an object name as %23 before signing.',
  },
  'url-question-mark': {
    what: 'The URL has a second bare question mark, so the parameters do not start where the signer meant.',
    fix: 'Write ? in an object name as %3F before signing, and append further parameters with &.',
  },
  'signature-redacted': {
    what: 'The value of {parameter} is a placeholder: this URL was copied from a log that hides signatures.',
    fix: 'Ask for the URL again where it was issued; the log does not have it, and should not.',
  },
  'url-fetched-by-preview': {
    what: 'The request came from a link preview or scanner ({agent}), not from the person the link was for.',
    fix: 'Give people a page with a button, and let only the button consume the link.',
  },
  'value-unset': {
    what: '{where} is the text {value}: a variable was empty where the URL was made.',
    fix: 'Look at what the signer was given: a misspelt name, or a setting that is not there. Let it refuse to sign without.',
  },
  'host-private': {
    what: 'The URL points to {host}, which only the network or machine of the signer can reach.',
    fix: 'Sign with the public address of the service as the endpoint; the host is signed, so it cannot be replaced afterwards.',
  },
} as const

export const PARAMETERS = {
  'tracker-parameters': {
    what: 'A tracker or link rewriter appended {names}, which the signature does not cover.',
    fix: 'Remove these parameters, and exclude the domain from the click tracking of the mail or advertising tool.',
  },
  'parameter-added': {
    what: 'The parameter {names} was added after signing.',
    fix: 'Give every parameter to the signer; whatever is appended later breaks the signature or is ignored.',
  },
  'parameter-removed': {
    what: 'A parameter that was signed is gone: {names}.',
    fix: 'Send the URL exactly as it was returned; look for a proxy or cache key that strips query parameters.',
  },
  'parameter-changed': {
    what: 'The value of {names} is not the one that was signed.',
    fix: 'Sign again with the value wanted; nothing in a signed URL can be edited.',
  },
  'parameter-doubled': {
    what: 'The parameter {names} is there more than once.',
    fix: 'Keep one. Signing a URL that is signed already, or merging two queries, doubles parameters.',
  },
  'parameter-missing': {
    what: 'The parameter {names} is missing.',
    fix: 'Copy the whole URL, and check that no layer drops parameters; each of them is needed.',
  },
  'parameter-malformed': {
    what: 'The parameter {names} does not have its form: {reason}.',
    fix: 'Let a library write it, or correct the value and sign again.',
  },
  'parameter-case': {
    what: 'The parameter {names} is spelled in another case than the scheme wants.',
    fix: 'Names are case-sensitive; look for the layer that lower-cases URLs and take it out.',
  },
  'parameter-after-signature': {
    what: 'After the signature follows {names}; in this scheme the signature must come last.',
    fix: 'Append parameters before signing.',
  },
  'signature-malformed': {
    what: 'The signature cannot be one: {reason}.',
    fix: 'Copy the URL again; if it was built by hand, check the encoding of the signature.',
  },
  'signature-plus-decoded': {
    what: 'A plus of the base64 signature arrived as a blank.',
    fix: 'Percent-encode the signature when putting it into the query: + is %2B, / is %2F, = is %3D.',
  },
  'signature-alphabet': {
    what: 'The signature is written in another alphabet than this scheme uses.',
    fix: '{alphabet}',
  },
  'signature-case': {
    what: 'The signature was changed to another letter case on the way.',
    fix: 'Look for the layer that changes the case of URLs; signatures are compared exactly.',
  },
} as const
