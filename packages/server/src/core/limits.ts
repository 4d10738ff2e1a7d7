/** The server's numeric limits, each with its unit and where it comes from. */
import { MAX_OBJECT_BYTES } from '../platform/s3-limits.ts'

/** An upload nobody sends a part to for a day is given up. */
export const UPLOAD_IDLE_MS = 86_400_000
/** A planned upload up to this comes in one piece; a larger one in parts, which go on where they were. */
export const MAX_WHOLE_BYTES: number = 16 * 1024 ** 2
/** Of a planned upload in parts, each but the last; larger where there would be too many. */
export const PLANNED_PART_BYTES: number = 8 * 1024 ** 2
/** A planned upload in parts lives so long unless said otherwise, one in one piece an hour, and their URLs so long each: they are signed again. */
export const PLANNED_UPLOAD_SECONDS = 86_400
export const PLANNED_WHOLE_SECONDS = 3600
export const PLANNED_URL_SECONDS = 900
/** Of the requests of a plan, so many are signed at once. */
export const MAX_SIGNED_AT_ONCE = 100
/** A completion that is asked for again, because its answer was lost, is answered the same for a day. */
export const FINISHED_UPLOAD_MS = 86_400_000
/** Uploads that the bearer of one key has open at once. */
export const MAX_OPEN_UPLOADS = 10_000
/** Those that came by one link are strangers', who need fewer. */
export const MAX_OPEN_UPLOADS_OF_A_LINK = 1000
/** Of a body that comes from one end to the other, so much is made safe at once; more where much has come before. */
export const RESUMABLE_PIECE_BYTES: number = 8 * 1024 ** 2
/** What the parts of all of them hold together: two of the largest files. */
export const MAX_OPEN_BYTES: number = 2 * MAX_OBJECT_BYTES
/** Links beyond this need a written reason. */
export const REASON_NEEDED_SECONDS = 86_400
export const DEFAULT_DOWNLOAD_SECONDS = 300
export const DEFAULT_UPLOAD_SECONDS = 900
/** A share that names no life. */
export const DEFAULT_SHARE_SECONDS = 86_400
/** What a share page hands out for a download lives so long at most. */
export const TICKET_SECONDS = 600
/** In one archive; what is kept in memory of each while it is sent is some hundred bytes. */
export const MAX_PACKED_FILES = 50_000
/** In all archives that are sent at once, and in those that go to one network. */
export const MAX_PACKED_AT_ONCE = 500_000
export const MAX_PACKED_OF_NETWORK = 100_000
/** How long a browser that knew the password is remembered. */
export const SHARE_SESSION_MS = 1_800_000
/** Signed in to the console with a key. */
export const KEY_SESSION_MS = 43_200_000
/** Browsers that are signed in with one key at a time: the next one ends the oldest. */
export const MAX_KEY_SESSIONS = 20
/** With OpenID Connect: for so long at most nobody asks again which groups somebody is in. */
export const PERSON_SESSION_MS = 3_600_000
/** From the way to the provider until the way back. */
export const SIGN_IN_MS = 600_000
/** Wrong passwords in a minute, of one address and for one share. */
export const MAX_WRONG_PASSWORDS = 5
/** How stale the in-memory keys and revocations may be. Revocation is promised within a second. */
export const KEY_REFRESH_MS = 200
/** How long a replaced blob stays readable for downloads under way. */
export const SWEEP_GRACE_MS = 3_600_000
/** Temporary credentials live an hour unless said otherwise, and at most twelve. */
export const DEFAULT_TEMPORARY_SECONDS = 3600
export const MAX_TEMPORARY_SECONDS = 43_200
/** A list page, S3 and REST. */
export const MAX_LIST_ENTRIES = 1000
/** Secrets shorter than this are refused at start and at creation. */
export const MIN_SECRET_BYTES = 32
/** A JSON body of the REST API. */
export const MAX_JSON_BYTES: number = 256 * 1024
/** However slowly it comes, an upload is through by then: 5 GiB at half a megabit a second. */
export const MAX_UPLOAD_SECONDS = 86_400
/** A sweep also covers what others than the server signed with a date up to this much later: such dates can be chosen. */
export const FOREIGN_SWEEP_MS = 60_000
/** A rule that ends links this far ahead of the clock is waited out; further ahead, no link is issued under it. */
export const REVOCATION_AHEAD_MS = 1000
/** A node that has not heard of a rotation yet may sign with the key before for this long. */
export const ROTATION_GRACE_MS = 1000
/** A download that broke off may be taken up again, from the same address, for this long. */
export const RESUME_WINDOW_MS = 600_000
/** A use of a link sends at most so many times the size of its file: once, and again what broke off. */
export const MAX_SENDINGS = 4
/** An answer that has not moved for this long gives way to the same client's next. */
export const STANDSTILL_MS = 5000
/** What leaves in one go: of a larger answer the catalog is told before its last bytes leave. */
export const AT_ONCE_BYTES: number = 256 * 1024
/** Links issued in one call. */
export const MAX_LINKS_AT_ONCE = 1000
/** A stable URL stays the same for at most a day. */
export const MAX_STABLE_WINDOW_SECONDS = 86_400
export const MAX_WEBHOOKS = 50
/** After a webhook's secret was rotated, messages are signed with the one before too, for so long. */
export const WEBHOOK_SECRET_OVERLAP_MS = 86_400_000
/** A webhook answers within this, or is tried again. */
export const WEBHOOK_TIMEOUT_MS = 15_000
/** Whoever looks at a file that waits has it for so long, and for as long again while its bytes move. */
export const HELD_LEASE_MS = 120_000
/** A scanner that stands still for so long is lost. */
export const SCANNER_IDLE_MS = 60_000
/** Why a file was refused that waited to be looked at is kept for so long. */
export const REFUSED_FILES_KEPT_MS: number = 7 * 86_400_000
/** The application says within this whether an end user may, or it is a no. */
export const AUTHORIZER_TIMEOUT_MS = 3000
/** Messages that arrived or were given up are listed for so long. */
export const DELIVERIES_KEPT_MS: number = 30 * 86_400_000
/** How long a URL of a store lives to which a link leads. */
export const REDIRECT_SECONDS: number = 60
