/**
 * Causes that only the provider can know: its networks, its accounts, the state of what it keeps.
 *
 * @module
 */

export const ANSWERS = {
  'answer-unknown': {
    what: 'The provider answered {answer}, and what it means by that is not known here.',
    fix: 'Look the code up in the documentation of the provider; the message beside it mostly says what to change.',
  },
  'refused-though-valid': {
    what: 'By the key given the request is right, and the provider refuses it: it holds another secret under this id, or the request was changed on its way there.',
    fix: 'Compare the secret with the one in the console of the provider (rotated keys keep old URLs from working), then the request as the provider saw it: host, path, query and signed headers behind every proxy.',
  },
  'origin-refused': {
    what: 'The CDN took the signature; the origin behind it refused.',
    fix: 'Look at the origin: let its bucket policy admit the distribution (origin access control), and check that the object exists. Without s3:ListBucket a missing object is a 403 too.',
  },
  'network-refused': {
    what: 'The provider refuses the network the request came from, whatever its signature says.',
    fix: 'Look at the firewall, the private endpoints, the country list and the public access setting of the account, bucket or distribution.',
  },
  'account-refuses-keys': {
    what: 'The account takes no signatures made with its shared keys.',
    fix: 'Sign a user delegation SAS with an identity of the directory, or allow shared keys for the account.',
  },
  'account-problem': {
    what: 'The account, its quota or its billing keeps the provider from serving anybody.',
    fix: 'Sign in to the console of the provider and look at the notices of the account; no other URL will work either.',
  },
  'provider-busy': {
    what: 'The provider could not answer now: it is overloaded, or had a fault of its own.',
    fix: 'Send the same request again, each time after a longer pause; the URL itself is not at fault.',
  },
  'operation-unsupported': {
    what: 'The request asks for something this service does not do.',
    fix: 'Sign without the header or parameter that asks for it, or use the operation that the service has.',
  },
  'request-malformed': {
    what: 'The signature is not the reason: the service does not take a value of the request ({names}).',
    fix: 'Correct the value that the answer names, and sign again where it is signed.',
  },
  'state-conflict': {
    what: 'The signature is not the reason: the state of what is stored forbids the operation.',
    fix: 'Look at what stands there: an object of that name, a lease, a lock, a deletion under way.',
  },
  'condition-failed': {
    what: 'The signature is not the reason: a condition in the headers (If-Match, If-None-Match, a date) does not hold.',
    fix: 'Read the object again and decide anew, or send no condition.',
  },
  'object-archived': {
    what: 'The signature is right, and the object lies in an archive.',
    fix: 'Restore it first, wait until that is done, and use the URL then.',
  },
  'upload-unknown': {
    what: 'The signature is right, and the parts of the upload do not fit together.',
    fix: 'List the parts the store has; begin the upload anew if there is none of that id.',
  },
  'body-incomplete': {
    what: 'The body did not come whole, or its length was not said.',
    fix: 'Send the whole body with its Content-Length, without pauses longer than the timeouts of proxies and store.',
  },
  'checksum-mismatch': {
    what: 'The body does not have the checksum that was announced.',
    fix: 'Compute the checksum over the very bytes that are sent, after compression and encoding.',
  },
  'encryption-refused': {
    what: 'The signature is right; the key that encrypts the object cannot be used by this request.',
    fix: 'Let the signing identity use the KMS key, or sign and send the headers of the customer’s key.',
  },
  'range-wrong': {
    what: 'The range asked for lies behind the end of the object.',
    fix: 'Ask for the size first; an empty object has no range.',
  },
  'url-too-long': {
    what: 'The URL, a name or the headers are longer than the server takes.',
    fix: 'Shorten names, metadata and policies; session tokens alone can take more than a kilobyte.',
  },
} as const
