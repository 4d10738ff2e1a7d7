/**
 * Causes in clocks, ends, keys and the credential scope.
 *
 * @module
 */

export const TIME = {
  'url-expired': {
    what: 'The URL ended at {expiredAt}, {ago} before the request.',
    fix: 'Ask for a fresh URL at the moment of use. For long uploads sign each part when its turn comes, not all at the start.',
  },
  'url-not-yet-valid': {
    what: 'The URL starts at {startsAt}, {ahead} after the request.',
    fix: 'Wait, or sign with an earlier start; back-date the start by a few minutes where clocks may differ.',
  },
  'clock-ahead': {
    what: "The signer's clock runs ahead: the URL starts {ahead} after the server's time.",
    fix: 'Synchronise the clock of the signing machine (NTP), and back-date the start a few minutes.',
  },
  'clock-skewed': {
    what: "The signer's clock and the server's differ by {skew}, more than the {allowed} allowed.",
    fix: 'Synchronise the clock of the signing machine (NTP); containers and suspended machines drift.',
  },
  'lifetime-in-rule': {
    what: 'The link was made at {issuedAt}, {ago} before the request. How long it works is not in it: the rule of the zone says so.',
    fix: 'Compare its age with the ttl of the rule, and make links at the moment of use. If it is younger, look at the rule: its key, flags and length of separator.',
  },
  'server-applies-header-skew': {
    what: 'The URL is within its time, and the server refused it by the 15-minute rule meant for signed headers.',
    fix: 'The server is at fault: upgrade it, or keep URLs shorter than 15 minutes with it.',
  },
  'expiry-too-long': {
    what: 'A life of {seconds} s is longer than the {maxSeconds} s this scheme allows.',
    fix: 'Sign for seven days at most, and renew; give a page or an API that issues fresh URLs for anything longer.',
  },
  'expiry-in-milliseconds': {
    what: '{parameter} is given in milliseconds, and counts seconds.',
    fix: 'Divide by 1000 and round down: a life of an hour is 3600, an end is Math.floor(Date.now() / 1000) + life.',
  },
  'expiry-as-moment': {
    what: '{parameter} is the moment {moment}, and counts seconds from {start}.',
    fix: 'Give the signer how long the URL is to live: 3600 for an hour.',
  },
  'expiry-before-start': {
    what: 'The URL ends before it starts, so no moment is valid.',
    fix: 'Check the time zone and the order of start and end; both are UTC.',
  },
  'session-token-ended': {
    what: 'The temporary credentials that signed the URL have ended, and the URL ended with them.',
    fix: 'A URL lives no longer than the credentials that signed it: sign with long-lived or freshly assumed credentials, and ask for less time than they have left.',
  },
  'session-token-missing': {
    what: 'The access key is a temporary one, and {parameter} is missing.',
    fix: 'Pass the session token to the signer together with key id and secret.',
  },
  'session-token-changed': {
    what: 'The session token in the URL is not the one that was signed.',
    fix: 'Percent-encode the token once (it holds + / =), and use id, secret and token of the same session.',
  },
  'delegation-key-ended': {
    what: 'The user-delegation key is valid only until {endsAt}, and the URL depends on it.',
    fix: 'Ask for a new user-delegation key (seven days at most) and sign again within its time.',
  },
} as const

export const KEYS_AND_SCOPE = {
  'region-wrong': {
    what: 'The URL was signed for the region {actual}; the bucket is in {expected}.',
    fix: 'Create the client with the region {expected} and sign again.',
  },
  'scope-date-mismatch': {
    what: 'The day in the credential ({scopeDate}) is not the day of {parameter} ({date}).',
    fix: 'Take both from one reading of the clock, in UTC.',
  },
  'service-other': {
    what: 'This is a signature for {service}, not for {store}: it opens no object.',
    fix: 'Use it where it is meant for; what is said of {store} does not hold for it, and it is not checked here.',
  },
  'scope-malformed': {
    what: 'The credential is not of the form key/day/region/service/terminal: {reason}.',
    fix: 'Percent-encode its slashes once, and let a library build it.',
  },
  'algorithm-unsupported': {
    what: 'The algorithm {algorithm} is not one this provider takes.',
    fix: 'Use {expected}, spelled exactly so.',
  },
  'sigv2-refused': {
    what: 'This is a signature of version 2, which newer regions and many services refuse.',
    fix: 'Set the signature version of the client to v4 and sign again.',
  },
  'key-unknown': {
    what: 'The provider does not know the key {keyId}.',
    fix: 'Check that the key exists, is active, and belongs to this provider and account.',
  },
  'key-not-given': {
    what: 'The request is signed with the key {keyId}, and none of the keys given has that id.',
    fix: 'Give the key of that id, or sign with the key that is meant: two environments or accounts may be mixed up.',
  },
  'key-invalid': {
    what: 'The key given for this request cannot be used: {reason}.',
    fix: 'Give the key in the form the provider shows it: a secret for HMAC, a public key in PEM for RSA, ECDSA and Ed25519.',
  },
  'signature-digits-changed': {
    what: 'The signature is right but for {count} of its characters.',
    fix: 'Copy the URL again: a character was mistyped, or changed by reading, dictating or correcting it.',
  },
  'secret-whitespace': {
    what: 'The signature fits if the secret is taken {where}.',
    fix: 'Trim the secret where it is read: files and environment variables often end in a newline, strings of C in a NUL.',
  },
  'secret-encoded': {
    what: 'The signature fits if the secret is taken in another encoding: {encoding}.',
    fix: 'Give the signer the secret in the form the provider shows it, decoded as the scheme says.',
  },
  'secret-other-key': {
    what: 'The signature was made with the secret of another key: it fits the key {keyId}.',
    fix: 'Use id and secret of one pair; look for configuration that mixes two environments.',
  },
  'key-mismatch': {
    what: 'With the key given, nothing that was tried gives this signature: another secret signed it, or something was changed that cannot be guessed.',
    fix: 'Compare the key id and the origin of the secret on both sides; then compare the canonical request line by line.',
  },
  'signature-mismatch': {
    what: 'The provider computed another signature, and nothing in the request shows why.',
    fix: '{wanted|Run explain again with the key: it then computes the signature under each hypothesis and names the one that fits.}',
  },
  'signer-not-allowed': {
    what: 'The signature is right; the identity that signed may not do this.',
    fix: 'Grant the signing identity the action on this object (bucket policy, role, key permissions), or sign with one that has it.',
  },
  'object-missing': {
    what: 'The signature is right, and there is no such object.',
    fix: 'Check the name, its case, and whether a leading slash or a prefix was added.',
  },
  'bucket-missing': {
    what: 'There is no bucket or container of that name at this address.',
    fix: 'Check the endpoint, the region, and whether the bucket belongs in the host or in the path.',
  },
} as const
