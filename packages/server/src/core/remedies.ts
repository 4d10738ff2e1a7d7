/**
 * What to do about each refusal of the domain: one sentence in the answer itself, because whoever reads it has no manual at hand. The
 * page of each code in docs/errors.md says more.
 */
import type { DomainErrorCode } from './errors.ts'

/** `null` where nothing has to be done, or can be. */
export const REMEDIES: Readonly<Record<DomainErrorCode, string | null>> = {
  'bucket-name-invalid':
    'Choose 3 to 63 lower-case letters, digits, dots and dashes, which begin and end with a letter or digit, and none that S3 reserves.',
  'bucket-not-found':
    'Create the bucket, or correct its name: it is the first part of the path, or of the host.',
  'bucket-not-empty': 'Delete its objects first, all of their versions and the delete markers.',
  'key-too-long': 'Use a shorter path: letters beyond ASCII count for two to four bytes.',
  'path-invalid':
    'Percent-encode the path once, from UTF-8, and leave out control characters and the segments . and ..',
  'file-not-found':
    'Compare the path letter by letter with a listing: case, blanks and slashes at the beginning count.',
  'version-not-found': 'List the versions: this one was deleted, or its id is another object’s.',
  'version-deleted': 'Ask for another version, or delete this marker to have the file back.',
  'copy-source-deleted': 'Name the version before it.',
  'file-exists': 'Choose another name, or ask for a link that may replace the file.',
  'folder-not-found': null,
  'link-not-found':
    'Take the id from the answer that issued the link, or linkId beside a signedUrl.',
  'share-not-found':
    'Open the whole address as it was sent to you, or take the id from the answer that made the share.',
  'key-not-found': 'List the keys: this one was revoked, or its id is another server’s.',
  'alert-not-found': 'List the alerts: GET /v1/alerts has those that are open.',
  'watch-setting-not-found': 'List what is set: GET /v1/watch.',
  'link-paused': 'Ask whoever gave you the link to let it go on, or for a new one.',
  'held-file-not-found':
    'List what waits: GET /v1/quarantine. What was admitted is a file by now, under its path.',
  'malware-found': 'Do not send it again; have the machine it came from looked at.',
  'file-unscannable': 'Send a smaller file, or have the limit of the scanner raised.',
  'upload-refused': 'Ask whoever is in charge of the folder.',
  'upload-overtaken': 'Send it again if it should still be there.',
  'webhook-not-found': 'List the webhooks: GET /v1/webhooks has those there are.',
  'delivery-not-found': 'List the messages of the webhook: old ones are forgotten.',
  'master-key-elsewhere':
    'Put the new key before the old one where the setting or the command has it, and start the server again.',
  'revocation-not-found': 'List the revocations: GET /v1/revocations has those that hold.',
  'bucket-exists': 'Mount it under another name: files are not moved into a store by mounting it.',
  'bucket-read-only':
    'Write to the store by its own tools, or have the bucket mounted again with "readOnly": false.',
  'mount-limited': "Leave it out, or use a bucket of this server's own.",
  'mount-overlaps':
    'Name another bucket or prefix, or delete the bucket that is named: its objects stay.',
  'store-refused': 'Send the URL, the credentials and the region that the store needs.',
  'precondition-failed': 'Read the object again and decide anew, or send no condition.',
  'not-modified': null,
  'range-not-satisfiable':
    'Ask for bytes that the file has: Content-Range says how many there are.',
  'field-invalid': 'Send what is named as the message asks, or leave it out.',
  'file-too-large': 'Send a smaller file, or ask for a link or a folder that takes larger ones.',
  'too-many-requests': 'Wait as long as Retry-After says, and send fewer at once.',
  'quota-exceeded':
    'Delete what is not needed, old versions too, and abort uploads that stand open; or have the quota of the folder that is named changed, or use a key with a larger one.',
  'file-too-small': 'Send a larger file: the policy of the folder asks for it.',
  'content-type-not-allowed': 'Send one of the types that are named as Content-Type.',
  'type-contradicted':
    'Send the file that the type and the name speak of, or name the type and the ending that it has.',
  'metadata-too-large': 'Send less metadata: names and values have 2 KiB together.',
  'digest-mismatch':
    'Compute the digest over the very bytes that are sent, after compression and encoding.',
  'body-incomplete':
    'Send the whole body, and let the client compute its Content-Length from what it sends.',
  'upload-too-long': 'Send it over a faster line, or in parts.',
  'upload-not-found': 'Begin a new upload: this one was completed, aborted or left idle.',
  'upload-limit': 'Complete the uploads that are open, or abort them.',
  'link-limit':
    'Revoke links that nobody needs, make them shorter, or have whoever runs the server raise linksPerKey.',
  'upload-offset-wrong': 'Ask by HEAD where the upload goes on, and send from there.',
  'upload-link-invalid':
    'Ask whoever runs the page for a link that uploads: a drop, or one for PUT with a record.',
  'upload-claim-wrong': 'Send the parts, sizes and checksums that were announced.',
  'upload-incomplete': 'Send what is missing, and complete it again.',
  'part-invalid': 'List the parts, and name those that are there by their ETags.',
  'part-order-invalid': 'Sort the parts by their numbers.',
  'part-too-small': 'Send parts of at least 5 MiB; only the last may be smaller.',
  'part-not-satisfiable':
    'Ask for a part that there is: x-amz-mp-parts-count of part 1 says how many.',
  'expiry-too-long':
    'Sign for a shorter life: a week at most, and no longer than the key and the folder allow.',
  'token-expired': 'Ask for new temporary credentials, and sign again.',
  'policy-refused':
    'Ask for a link that keeps to the policy: GET /v1/folders/{path}/policy has every line that holds.',
  unauthenticated: 'Send an API key in Authorization, sign the request, or use a link.',
  'user-token-invalid':
    'Get a new token from the application, for the audience of this server, and send it as Authorization: Bearer TOKEN.',
  'issuer-unavailable': 'Send the same request again, each time after a longer pause.',
  'api-key-invalid':
    'Use an API key of this very server that was not revoked and has not run out, whole and without blanks.',
  forbidden: 'Use a key whose actions, prefix and addresses allow this, or have one made.',
  'link-revoked': 'Ask whoever gave you the link for a new one.',
  'link-used': 'Ask whoever gave you the link for a new one.',
  'link-ip-not-allowed':
    'Open it from the network it was made for, or ask for a link without that limit.',
  'link-not-yet': 'Come back at the time that is named.',
  'link-shortened': 'Ask whoever gave you the link for a new one.',
  'link-widened': 'Narrow it, or issue another link: one that was handed out only ever gets less.',
  'link-preview-refused': null,
  'share-password-needed':
    'Send the password in the field password of a form, by POST to the same address.',
  'share-password-wrong': 'Ask whoever sent you the share for its password.',
  'too-many-passwords': 'Wait as long as Retry-After says, and ask for the right password.',
  'no-file-sent': 'Send at least one file, as multipart/form-data in the field file.',
  'too-many-to-pack': 'Download a folder within it, or single files.',
  'share-form-foreign': 'Open the share itself, and use the form of its page.',
  'session-over': 'Sign in again.',
  'session-foreign': 'Use the console, or send an API key in the Authorization header.',
  'sign-in-stale': 'Begin again from the page of the console, and allow it its cookies.',
  'sign-in-refused':
    'Try again. If it stays so, the log of the server says what did not hold in the answer of the provider.',
  'sign-in-no-group':
    'Ask whoever runs this server which group you need, and whoever runs the provider to put you into it.',
  'sign-in-unavailable': 'Try again in a moment, or sign in with an API key.',
  'revocation-ahead':
    'Set the clock of the server right, and take the rule back with DELETE /v1/revocations/{id}.',
  'method-not-allowed': 'Send one of the methods that Allow lists.',
}
