/**
 * Every way the domain can refuse, as one closed list: the code, what it tells, its sentence, and its kind. No HTTP here: each face
 * has an answer to every kind, and keeps the codes that only it can throw. The codes are the anchors of docs/errors.md.
 */

export interface DomainErrorDetails {
  'bucket-name-invalid': { readonly reason: string }
  /** `hint` says why the bucket was not made on the way. */
  'bucket-not-found': { readonly bucket: string; readonly hint?: string }
  'bucket-not-empty': { readonly bucket: string }
  /** It is to be mounted, and something has its name. */
  'bucket-exists': { readonly bucket: string }
  /** A mounted bucket from which this server only reads. */
  'bucket-read-only': { readonly bucket: string }
  /** What lies in a store of somebody else cannot have this. */
  'mount-limited': { readonly bucket: string; readonly reason: string }
  /** Of the bucket, or of what keeps this server's own blobs. */
  'mount-overlaps': { readonly other: string }
  /** The store cannot be used as it was named. */
  'store-refused': { readonly reason: string }
  'key-too-long': { readonly bytes: number; readonly maxBytes: number }
  /** A path, key or target that is refused for what it is: a dot segment, a control byte, broken UTF-8. */
  'path-invalid': { readonly reason: string }
  /** `markerId` is the delete marker it has in place of a current version. */
  'file-not-found':
    | { readonly path: string }
    | { readonly path: string; readonly markerId: string }
    | { readonly id: string }
  'version-not-found': { readonly path: string; readonly versionId: string }
  /** The version named is a delete marker, which holds nothing. */
  'version-deleted': {
    readonly path: string
    readonly versionId: string
    readonly modifiedAt: number
  }
  /** What is to be copied is a delete marker, named by its version. */
  'copy-source-deleted': { readonly path: string; readonly versionId: string }
  'file-exists': { readonly path: string }
  'folder-not-found': { readonly path: string }
  'link-not-found': { readonly id: string }
  /** By its id, or by its address, which is not repeated. */
  'share-not-found': Record<string, never>
  'key-not-found': { readonly id: string }
  'revocation-not-found': { readonly scope: string }
  /** It comes from a setting, and so does the next one. */
  'master-key-elsewhere': Record<string, never>
  'webhook-not-found': { readonly id: string }
  'alert-not-found': { readonly id: string }
  'watch-setting-not-found': { readonly path: string }
  'held-file-not-found': { readonly id: string }
  /** Of a file that waited: a scanner found something in it. */
  'malware-found': { readonly name: string }
  /** Of one that no scanner takes. */
  'file-unscannable': { readonly scanner: string }
  /** Of one that somebody, or the application, does not want. */
  'upload-refused': { readonly reason: string | null }
  /** Of one that waited while the name was written or deleted. */
  'upload-overtaken': Record<string, never>
  'delivery-not-found': { readonly id: string }
  /** `missing` is the path where nothing is that could meet the condition. */
  'precondition-failed': {
    readonly condition: string
    readonly missing?: string
    /** It is about what is copied. */
    readonly isOfSource?: true
  }
  'not-modified': { readonly etag: string; readonly modifiedAt: number }
  'range-not-satisfiable': { readonly size: number }
  /** A field of the request has the wrong type, range or form; `field` says which. */
  'field-invalid': { readonly field: string; readonly reason: string }
  'file-too-large': { readonly maxBytes: number }
  /** A folder has no room left for it. */
  'quota-exceeded': {
    readonly where: string
    readonly maxBytes: number | null
    readonly maxFiles: number | null
  }
  'file-too-small': { readonly minBytes: number }
  /** Names and values of the metadata together. */
  'metadata-too-large': { readonly bytes: number; readonly maxBytes: number }
  'content-type-not-allowed': { readonly allowed: readonly string[] }
  /** The bytes are not what the file says it is; `found` is what they begin as, `null` for nothing that is known. */
  'type-contradicted': { readonly says: string; readonly found: string | null }
  /** The body is not what was announced or signed; `check` is the header or parameter that disagrees. */
  'digest-mismatch': {
    readonly check: string
    /** In hex, where the body was hashed. */
    readonly claimed?: string
    readonly computed?: string
  }
  'body-incomplete': { readonly expected: number; readonly received: number }
  'upload-too-long': { readonly maxSeconds: number }
  /** Never was, or was completed, aborted or reaped. */
  'upload-not-found': { readonly id: string }
  /** Whoever opened it has as much open as is allowed. */
  'upload-limit': { readonly of: 'uploads' | 'bytes' | 'parts'; readonly limit: number }
  /** Whoever makes links has as many alive as is allowed. */
  'link-limit': { readonly limit: number }
  /** It goes on elsewhere than there; `expected`, where that is known, says where. */
  'upload-offset-wrong': { readonly expected?: number }
  /** Whoever comes by a link has to show one that lets them. */
  'upload-link-invalid': { readonly reason: string }
  /** What is said of an upload's checksums or size is not so. */
  'upload-claim-wrong': { readonly reason: string }
  /** It was to be completed, and its file or its parts are not there. */
  'upload-incomplete': { readonly missing: number; readonly partCount: number }
  'part-invalid': { readonly uploadId: string; readonly number: number; readonly etag: string }
  'part-order-invalid': { readonly number: number }
  'part-too-small': {
    readonly number: number
    readonly etag: string
    readonly bytes: number
    readonly minBytes: number
  }
  /** A part of a file is asked for that it does not have. */
  'part-not-satisfiable': { readonly number: number; readonly count: number }
  'expiry-too-long': {
    readonly field: string
    readonly seconds: number
    readonly maxSeconds: number
    readonly hint: string
  }
  /** Temporary credentials have run out. */
  'token-expired': { readonly expiresAt: number }
  /** A folder, or the instance, does not let links do this. */
  'policy-refused': { readonly line: string; readonly where: string; readonly reason: string }
  unauthenticated: { readonly reason: string }
  'api-key-invalid': Record<string, never>
  /** The token of an end user; `reason` says what does not hold, and nothing of what it says. */
  'user-token-invalid': { readonly reason: string }
  /** The keys of the issuer of such tokens cannot be had, so that nobody can say whether one is valid. */
  'issuer-unavailable': Record<string, never>
  /** Of the console: it was ended, is past its time, or lost the rights it had. */
  'session-over': Record<string, never>
  /** A page of elsewhere sends the cookie of the console, or a program does. */
  'session-foreign': Record<string, never>
  /** Nobody began it here a moment ago, or it was finished before. */
  'sign-in-stale': Record<string, never>
  /** The provider did not say who somebody is, or what it said does not hold. */
  'sign-in-refused': Record<string, never>
  'sign-in-no-group': Record<string, never>
  'sign-in-unavailable': Record<string, never>
  /** `reason` where it is not the right alone that is missing. */
  forbidden: { readonly action: string; readonly reason?: string }
  'link-revoked': Record<string, never>
  'link-used': Record<string, never>
  'link-paused': Record<string, never>
  /** Its record says that it works later only. */
  'link-not-yet': { readonly notBefore: number }
  /** Its record ends it before its signature does. */
  'link-shortened': { readonly expiresAt: number }
  /** A change would allow what the link does not. */
  'link-widened': { readonly field: string; readonly has: string }
  'link-ip-not-allowed': Record<string, never>
  'link-preview-refused': { readonly agent: string }
  'share-password-needed': Record<string, never>
  'share-password-wrong': Record<string, never>
  /** So many wrong ones came from there, or for that share. */
  'too-many-passwords': { readonly retryAfterSeconds: number }
  /** The form of a drop came without a file. */
  'no-file-sent': Record<string, never>
  /** A shared folder holds more files than go into one archive. */
  'too-many-to-pack': { readonly maxFiles: number }
  /** A web page of somebody else's sent the form of a share. */
  'share-form-foreign': Record<string, never>
  /** A rule ends links up to a moment that the clock has not reached: what is issued before it would be dead. */
  'revocation-ahead': { readonly scope: string; readonly notBefore: number }
  /** Somebody asks faster than the settings allow. */
  'too-many-requests': {
    readonly of: 'address' | 'key'
    readonly perSecond: number
    readonly retryAfterSeconds: number
  }
  'method-not-allowed': { readonly method: string; readonly allowed: readonly string[] }
}

export type DomainErrorCode = keyof DomainErrorDetails

type Sentences = {
  readonly [Code in DomainErrorCode]: (details: DomainErrorDetails[Code]) => string
}

const SENTENCES = {
  'bucket-name-invalid': ({ reason }) => `The bucket name is not valid: ${reason}.`,
  'bucket-not-found': ({ bucket, hint }) =>
    hint === undefined ? `There is no bucket ${bucket}.` : `There is no bucket ${bucket}, ${hint}.`,
  'bucket-not-empty': ({ bucket }) => `The bucket ${bucket} holds files.`,
  'bucket-exists': ({ bucket }) => `There is a bucket ${bucket} already.`,
  'bucket-read-only': ({ bucket }) => `The bucket ${bucket} is mounted to be read only.`,
  'mount-limited': ({ bucket, reason }) =>
    `The bucket ${bucket} lies in a store of its own: ${reason}.`,
  'mount-overlaps': ({ other }) =>
    `The place is one with that of ${other}, or holds it, or lies in it.`,
  'store-refused': ({ reason }) => `The store cannot be used: ${reason}.`,
  'key-too-long': ({ bytes, maxBytes }) =>
    `The key has ${bytes} bytes; at most ${maxBytes} are allowed.`,
  'path-invalid': ({ reason }) => `The path is not valid: ${reason}.`,
  'file-not-found': (which) =>
    'id' in which ? 'There is no file with this id.' : 'There is no file at this path.',
  'version-not-found': () => 'There is no such version of the file.',
  'copy-source-deleted': () =>
    'The source of a copy may not specifically refer to a delete marker by version id.',
  'version-deleted': () =>
    'The version is a delete marker: it says that the file was deleted and holds nothing.',
  'file-exists': () => 'There is a file at the target already; say overwrite to replace it.',
  'folder-not-found': ({ path }) => `No settings are stored for ${path}.`,
  'link-not-found': () => 'There is no link with this id.',
  'share-not-found': () => 'There is no such share.',
  'key-not-found': () => 'There is no live key with this id.',
  'alert-not-found': () => 'There is no alert with this id.',
  'watch-setting-not-found': ({ path }) =>
    `Nothing is set for ${path === '' ? 'everything' : path}.`,
  'held-file-not-found': () => 'No file waits under this id, or was refused under it not long ago.',
  'malware-found': ({ name }) => `A scanner found ${name} in the file.`,
  'file-unscannable': ({ scanner }) =>
    `The file is larger than ${scanner} takes, and unlooked-at it may not come here.`,
  'upload-refused': ({ reason }) => `The file was refused: ${reason ?? 'no reason was given'}.`,
  'upload-overtaken': () =>
    'The name was written or deleted after the file came and before it was looked at.',
  'webhook-not-found': () => 'There is no webhook with this id.',
  'delivery-not-found': () => 'There is no message with this id for this webhook.',
  'master-key-elsewhere': () =>
    'The server cannot change the master key: a setting holds it, or several servers share it.',
  'revocation-not-found': ({ scope }) => `No rule is stored for ${scope === '' ? 'all' : scope}.`,
  'precondition-failed': ({ condition }) => `The file does not meet the condition ${condition}.`,
  'not-modified': () => 'The file has not changed.',
  'range-not-satisfiable': () => 'The range lies outside the file.',
  'field-invalid': ({ field, reason }) => `${field}: ${reason}.`,
  'file-too-large': ({ maxBytes }) => `At most ${maxBytes} bytes may be stored here.`,
  'file-too-small': ({ minBytes }) => `At least ${minBytes} bytes must be stored here.`,
  'quota-exceeded': ({ where, maxBytes, maxFiles }) =>
    `${where} has no room for it: at most ${[
      ...(maxBytes === null ? [] : [`${maxBytes} bytes`]),
      ...(maxFiles === null ? [] : [`${maxFiles} files`]),
    ].join(' and ')} in all.`,
  'content-type-not-allowed': ({ allowed }) => `Only ${allowed.join(', ')} may be uploaded here.`,
  'type-contradicted': ({ says, found }) =>
    `The bytes are not what ${says} says: they begin as ${found ?? 'nothing of that kind'}.`,
  'metadata-too-large': ({ bytes, maxBytes }) =>
    `The metadata has ${bytes} bytes, names and values together; at most ${maxBytes} are allowed.`,
  'digest-mismatch': ({ check }) => `The body does not have the digest given in ${check}.`,
  'body-incomplete': ({ expected, received }) =>
    `${expected} bytes were announced and ${received} came.`,
  'upload-too-long': ({ maxSeconds }) =>
    `An upload must be through within ${maxSeconds} seconds; nothing was stored.`,
  'upload-not-found': () =>
    'There is no such upload: its id may be wrong, or it was completed, aborted or left idle.',
  'upload-offset-wrong': ({ expected }) =>
    expected === undefined
      ? 'Somebody else has sent bytes to this upload meanwhile.'
      : `The upload goes on at byte ${expected}.`,
  'upload-link-invalid': ({ reason }) => `The link lets nobody upload: ${reason}.`,
  'link-limit': ({ limit }) =>
    `Links that have not ended are at most ${limit} of one key or end user here.`,
  'upload-limit': ({ of, limit }) =>
    of === 'parts'
      ? `An upload is made of at most ${limit} pieces; send more bytes at a time.`
      : of === 'uploads'
        ? `A key or a link has at most ${limit} uploads open; complete or abort some.`
        : `The parts in the open uploads of a key hold at most ${limit} bytes; complete or abort some.`,
  'upload-claim-wrong': ({ reason }) => reason,
  'upload-incomplete': ({ missing, partCount }) =>
    partCount === 1
      ? 'The file of this upload has not come.'
      : `Part ${missing} of ${partCount} has not come.`,
  'part-invalid': ({ number }) =>
    `Part ${number} could not be found: it was not uploaded, or its entity tag or checksum is another.`,
  'part-order-invalid': ({ number }) =>
    `The parts must be listed in ascending order; part ${number} is not.`,
  'part-too-small': ({ number, bytes, minBytes }) =>
    `Part ${number} has ${bytes} bytes; every part but the last has at least ${minBytes}.`,
  'part-not-satisfiable': ({ number, count }) =>
    `The file has ${count === 1 ? '1 part' : `${count} parts`}, and no part ${number}.`,
  'expiry-too-long': ({ field, maxSeconds, hint }) =>
    `${field}: at most ${maxSeconds} seconds. ${hint}`,
  'token-expired': () => 'The temporary credentials have run out.',
  'policy-refused': ({ line, where, reason }) => `${line}: ${where} wants it so: ${reason}.`,
  unauthenticated: ({ reason }) => `Access is denied: ${reason}.`,
  'api-key-invalid': () => 'The API key is not valid.',
  'user-token-invalid': ({ reason }) => `The token is not valid: ${reason}.`,
  'issuer-unavailable': () =>
    'The keys of the issuer of this token cannot be read right now, and unchecked it is good for nothing.',
  'session-over': () => 'The session has ended.',
  'session-foreign': () => 'A session of the console is used by the console alone.',
  'sign-in-stale': () => 'This sign-in was not begun in this browser a moment ago.',
  'sign-in-refused': () => 'The provider did not sign you in.',
  'sign-in-no-group': () => 'You are signed in, and in none of the groups that may come in here.',
  'sign-in-unavailable': () => 'The provider that signs people in does not answer.',
  forbidden: ({ action, reason }) =>
    reason === undefined ? `This key does not have the right to ${action} here.` : `${reason}.`,
  'link-revoked': () => 'This link was revoked.',
  'link-paused': () =>
    'This link stands still until somebody in charge of the file has looked at it.',
  'link-used': () => 'This link has no uses left.',
  'link-not-yet': ({ notBefore }) =>
    `This link works from ${new Date(notBefore).toISOString()} on.`,
  'link-shortened': ({ expiresAt }) => `This link ended at ${new Date(expiresAt).toISOString()}.`,
  'link-widened': ({ field, has }) =>
    `${field}: a link can be narrowed and never widened; it has ${has} now.`,
  'link-ip-not-allowed': () => 'This link only works from the network it was made for.',
  'link-preview-refused': () =>
    'Links with a limited number of uses show no preview; nothing was used up.',
  'share-password-needed': () => 'This share asks for a password.',
  'share-password-wrong': () => 'The password is not the one of this share.',
  'too-many-passwords': ({ retryAfterSeconds }) =>
    `Too many wrong passwords were tried; the next one is looked at in ${retryAfterSeconds} s.`,
  'no-file-sent': () => 'The form has no file.',
  'too-many-to-pack': ({ maxFiles }) => `An archive holds at most ${maxFiles} files.`,
  'share-form-foreign': () => 'The form of a share is sent by its own page alone.',
  'revocation-ahead': ({ notBefore }) =>
    `Every link signed before ${new Date(notBefore).toISOString()} is revoked here, and the clock has not come that far; take the rule back if a wrong clock made it.`,
  'too-many-requests': ({ of, perSecond, retryAfterSeconds }) =>
    `From one ${of} at most ${perSecond} requests a second are answered; come back in ${retryAfterSeconds} s.`,
  'method-not-allowed': ({ method, allowed }) =>
    `${method} is not allowed here; allowed are ${allowed.join(', ')}.`,
} satisfies Sentences

/** What a refusal comes down to: each face answers every kind, and has words of its own for the codes that need some. */
export type RefusalKind =
  /** The request cannot be meant as it is. */
  | 'invalid'
  | 'unauthenticated'
  | 'denied'
  /** What is asked for is not there. */
  | 'missing'
  /** Something there stands against it. */
  | 'conflict'
  /** It was there for a number of times, and they are over. */
  | 'used-up'
  | 'unmet'
  | 'unchanged'
  | 'too-large'
  | 'too-slow'
  | 'type-refused'
  | 'unsatisfiable'
  | 'method-refused'
  | 'too-fast'
  /** Somebody else has to answer first. */
  | 'unavailable'

/** The kind of each code, and its title: what is wrong, whatever the details. */
export const TITLES: Readonly<Record<DomainErrorCode, readonly [RefusalKind, string]>> = {
  'bucket-name-invalid': ['invalid', 'The bucket name is not valid'],
  'bucket-not-found': ['missing', 'There is no such bucket'],
  'bucket-not-empty': ['conflict', 'The bucket is not empty'],
  'bucket-exists': ['conflict', 'There is a bucket of that name'],
  'bucket-read-only': ['denied', 'The bucket is read only'],
  'mount-limited': ['invalid', 'A mounted bucket cannot have this'],
  'mount-overlaps': ['conflict', 'The place is taken'],
  'store-refused': ['invalid', 'The store cannot be used'],
  'key-too-long': ['invalid', 'The path is too long'],
  'path-invalid': ['invalid', 'The path is not valid'],
  'file-not-found': ['missing', 'There is no such file'],
  'version-not-found': ['missing', 'There is no such version'],
  'version-deleted': ['missing', 'The version is a delete marker'],
  'copy-source-deleted': ['invalid', 'What is to be copied is a delete marker'],
  'file-exists': ['conflict', 'There is a file at the target'],
  'folder-not-found': ['missing', 'The folder has no settings'],
  'link-not-found': ['missing', 'There is no such link'],
  'share-not-found': ['missing', 'There is no such share'],
  'key-not-found': ['missing', 'There is no such key'],
  'alert-not-found': ['missing', 'There is no such alert'],
  'watch-setting-not-found': ['missing', 'Nothing is set here'],
  'held-file-not-found': ['missing', 'No such file waits'],
  'malware-found': ['denied', 'The file holds malware'],
  'file-unscannable': ['denied', 'The file cannot be looked at'],
  'upload-refused': ['denied', 'The file was refused'],
  'upload-overtaken': ['conflict', 'The name has changed since'],
  'webhook-not-found': ['missing', 'There is no such webhook'],
  'delivery-not-found': ['missing', 'There is no such message'],
  'master-key-elsewhere': ['conflict', 'The master key is kept elsewhere'],
  'revocation-not-found': ['missing', 'There is no such revocation'],
  'precondition-failed': ['unmet', 'A condition of the request does not hold'],
  'not-modified': ['unchanged', 'The file has not changed'],
  'range-not-satisfiable': ['unsatisfiable', 'The range lies outside the file'],
  'field-invalid': ['invalid', 'A field of the request is not valid'],
  'file-too-large': ['too-large', 'The file is too large'],
  'file-too-small': ['invalid', 'The file is too small'],
  'quota-exceeded': ['denied', 'There is no room left'],
  'content-type-not-allowed': ['type-refused', 'This type of file is not allowed here'],
  'type-contradicted': ['type-refused', 'The bytes are of another type'],
  'metadata-too-large': ['invalid', 'There is too much metadata'],
  'digest-mismatch': ['invalid', 'The body is not the one that was announced'],
  'body-incomplete': ['invalid', 'The body is not as long as announced'],
  'upload-too-long': ['too-slow', 'The upload took too long'],
  'upload-not-found': ['missing', 'There is no such upload'],
  'upload-limit': ['conflict', 'Too much is open'],
  'link-limit': ['conflict', 'Too many links are alive'],
  'upload-offset-wrong': ['conflict', 'The upload goes on elsewhere'],
  'upload-link-invalid': ['denied', 'The link lets nobody upload'],
  'upload-claim-wrong': ['invalid', 'The upload is not what was said of it'],
  'upload-incomplete': ['conflict', 'The upload is not complete'],
  'part-invalid': ['invalid', 'A part is not there'],
  'part-order-invalid': ['invalid', 'The parts are not in order'],
  'part-too-small': ['invalid', 'A part is too small'],
  'part-not-satisfiable': ['unsatisfiable', 'The file has no such part'],
  'expiry-too-long': ['invalid', 'The link would live too long'],
  'token-expired': ['unauthenticated', 'The temporary credentials have run out'],
  'policy-refused': ['denied', 'The policy does not allow it'],
  unauthenticated: ['unauthenticated', 'An API key is needed'],
  'api-key-invalid': ['unauthenticated', 'The API key is not valid'],
  'user-token-invalid': ['unauthenticated', 'The token of the user is not valid'],
  'issuer-unavailable': ['unavailable', 'The issuer of the token does not answer'],
  'session-over': ['unauthenticated', 'The session has ended'],
  'session-foreign': ['denied', 'The session is not for this page'],
  'sign-in-stale': ['denied', 'The sign-in is over'],
  'sign-in-refused': ['denied', 'The provider did not sign you in'],
  'sign-in-no-group': ['denied', 'None of your groups may come in'],
  'sign-in-unavailable': ['unavailable', 'The provider does not answer'],
  forbidden: ['denied', 'The key does not have this right'],
  'link-revoked': ['denied', 'The link was revoked'],
  'link-paused': ['denied', 'The link stands still'],
  'link-used': ['used-up', 'The link has no uses left'],
  'link-not-yet': ['denied', 'The link does not work yet'],
  'link-shortened': ['denied', 'The link has ended'],
  'link-widened': ['conflict', 'The link would allow more'],
  'link-ip-not-allowed': ['denied', 'The link does not work from this network'],
  'link-preview-refused': ['denied', 'The link shows no preview'],
  'share-password-needed': ['unauthenticated', 'The share asks for a password'],
  'share-password-wrong': ['denied', 'The password is wrong'],
  'too-many-passwords': ['too-fast', 'Too many wrong passwords'],
  'no-file-sent': ['invalid', 'There is no file in the form'],
  'too-many-to-pack': ['too-large', 'There are too many files for an archive'],
  'share-form-foreign': ['denied', 'The form comes from another page'],
  'revocation-ahead': ['conflict', 'A revocation lies ahead of the clock'],
  'too-many-requests': ['too-fast', 'Too many requests'],
  'method-not-allowed': ['method-refused', 'The method is not allowed here'],
}

export class DomainError<Code extends DomainErrorCode = DomainErrorCode> extends Error {
  override readonly name: string = 'DomainError'
  readonly code: Code
  readonly details: DomainErrorDetails[Code]
  /** Of many that were asked for at once, the one that is refused: `links.1`. */
  within: string | null = null

  constructor(code: Code, details: DomainErrorDetails[Code], cause?: unknown) {
    const sentence: Sentences[Code] = SENTENCES[code]
    super(sentence(details), cause === undefined ? undefined : { cause })
    this.code = code
    this.details = details
  }
}

/** What to throw when the domain refuses. */
export function refusal<Code extends DomainErrorCode>(
  code: Code,
  details: DomainErrorDetails[Code],
  cause?: unknown,
): DomainError<Code> {
  return new DomainError(code, details, cause)
}

/** The same error, which says which of many it is about. */
export function refusedWithin(error: unknown, place: string): unknown {
  if (error instanceof DomainError) error.within = place
  return error
}

/** The union over all codes: `switch (error.code)` narrows `error.details`. */
export type AnyDomainError = { [Code in DomainErrorCode]: DomainError<Code> }[DomainErrorCode]

export function isDomainError(error: unknown): error is AnyDomainError {
  return error instanceof DomainError
}

/** True if the domain refused with this very code. */
export function isRefusal<Code extends DomainErrorCode>(
  error: unknown,
  code: Code,
): error is DomainError<Code> {
  return error instanceof DomainError && error.code === code
}
