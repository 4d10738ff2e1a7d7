/**
 * Causes in what the signature grants, and the word for "nothing found".
 *
 * @module
 */

export const GRANTS = {
  'permission-missing': {
    what: 'The URL grants {granted}, and the request needs {needed}.',
    fix: 'Sign again with the permission that is needed.',
  },
  'permission-order': {
    what: 'The permission letters {granted} are not in the order the service takes.',
    fix: 'Write the letters in the documented order: racwdxltmeop.',
  },
  'ip-not-allowed': {
    what: 'The URL is limited to the address {allowed}, and the request came from another one.',
    fix: 'Sign for the address the provider sees (behind NAT, VPN or IPv6 it is another one), or without an address.',
  },
  'bearer-missing': {
    what: 'The token works for one user only, and no token of that user came with the request.',
    fix: 'Send Authorization: Bearer with an access token of that user, or sign without a delegated user.',
  },
  'country-not-allowed': {
    what: 'The URL works from some countries only, and the country of the client is another one or not known.',
    fix: 'Sign for the countries meant, and give the country of the client where it is checked.',
  },
  'referrer-not-allowed': {
    what: 'The URL works on pages of some sites only, and the Referer names another one or is missing.',
    fix: 'Sign for the sites meant; pages with a strict Referrer-Policy send no Referer.',
  },
  'protocol-not-allowed': {
    what: 'The URL is for https only, and the request used http.',
    fix: 'Use https.',
  },
  'resource-mismatch': {
    what: 'The signature opens {granted}, and the request asks for something else.',
    fix: 'Sign for this resource; check the scheme, host, wildcard and the spelling of the path.',
  },
  'resource-type-mismatch': {
    what: 'The token is for {granted}, and the request needs {needed}.',
    fix: 'Sign a token for that kind of resource.',
  },
  'stored-policy-missing': {
    what: 'The stored access policy {policy} does not exist, was changed, or gives no end.',
    fix: 'Create it on the container and wait half a minute, or sign without a stored policy.',
  },
  'version-unsupported': {
    what: 'The version {version} is not one the service (or emulator) knows.',
    fix: 'Sign with a version both sides know.',
  },
  'hash-algorithm-mismatch': {
    what: 'The signature was made with {signed}, and the URL announces {announced}.',
    fix: 'Send Hash-Algorithm with the signature it belongs to; without it SHA-1 is assumed.',
  },
  'policy-not-canonical': {
    what: 'The signature covers another text than the provider rebuilds from the URL.',
    fix: 'Sign the policy without blanks and with the URL exactly as it will be requested.',
  },
  'string-to-sign-differs': {
    what: 'The key is right, and the signature covers another text than the provider builds: {difference}.',
    fix: 'Build the string to sign line by line as the version in the request asks, or let a library of the provider sign.',
  },
  'expression-differs': {
    what: 'The signature fits another expression than the one configured: {expression}.',
    fix: 'Use the same expression in the signer and in secure_link_md5, variable by variable.',
  },
  'separator-signed': {
    what: 'The signature fits if the separator {separator} is signed too, which the zone leaves out.',
    fix: 'Sign path and query up to the separator, directly followed by the time; and give the rule the length of the separator.',
  },
  'token-legacy': {
    what: 'The token is of an older form, which the provider may have turned off.',
    fix: 'Sign with the current form of the token.',
  },
  'service-closed': {
    what: 'The service this token was made for has been closed.',
    fix: 'Move the link to another delivery service.',
  },
  'nothing-found': {
    what: 'Nothing wrong was found in the request itself.',
    fix: '{wanted|Give explain the method, headers, the answer of the provider and the key, as far as you have them.}',
  },
} as const
