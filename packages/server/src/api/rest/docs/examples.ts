/** One of each schema that people write or read first, as the OpenAPI document shows it; a test holds them to their schemas. */

const AT = '2026-03-01T12:00:00.000Z'
const UNTIL = '2026-03-01T12:05:00.000Z'
const FILE_ID = 'file_0VxYz3kQmN2bR7sT9uWcDeFg'
const LINK_ID = 'link_0VxYz3kQmN2bR7sT9uWcDeFgHiJk'
const URL =
  'https://files.example.com/acme/report.pdf?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=300'

const TERMS = {
  reason: 'for the audit',
  label: null,
  notBefore: null,
  networks: [],
  maxBytes: null,
  contentTypes: [],
  sha256: null,
  overwrite: false,
}

/** By the name of the schema. */
export const EXAMPLES: Readonly<Record<string, unknown>> = {
  LinkRequest: { path: 'acme/report.pdf', expiresIn: 300, maxUses: 1, disposition: 'inline' },
  IssuedLink: { id: LINK_ID, url: URL, method: 'GET', headers: {}, expiresAt: UNTIL },
  Link: {
    id: LINK_ID,
    method: 'GET',
    path: 'acme/report.pdf',
    fileId: FILE_ID,
    version: null,
    status: 'active',
    createdAt: AT,
    createdBy: 'key_0VxYz3kQmN2b',
    subject: null,
    expiresAt: UNTIL,
    maxUses: 1,
    uses: 0,
    bytes: 0,
    lastUsedAt: null,
    lastUsedIp: null,
    ...TERMS,
    share: null,
    pausedAt: null,
    revokedAt: null,
    revokedBy: null,
  },
  StoredFile: {
    id: FILE_ID,
    path: 'acme/report.pdf',
    name: 'report.pdf',
    size: 48_213,
    contentType: 'application/pdf',
    etag: '5d41402abc4b2a76b9719d911017c592',
    sha256: null,
    metadata: {},
    visibility: 'private',
    createdAt: AT,
    modifiedAt: AT,
    signedUrl: URL,
    expiresAt: UNTIL,
    linkId: LINK_ID,
  },
  UploadRequest: { path: 'acme/film.mp4', size: 734_003_200, contentType: 'video/mp4' },
  SignedRequest: {
    partNumber: 1,
    method: 'PUT',
    url: `${URL}&partNumber=1&uploadId=0VxYz3kQmN2bR7sT9uWcDeFgHiJk`,
    headers: {},
    size: 8_388_608,
    expiresAt: UNTIL,
  },
  Problem: {
    type: 'https://files.example.com/-/docs/errors/file-not-found',
    title: 'There is no such file',
    status: 404,
    detail: 'There is no file acme/report.pdf.',
    code: 'file-not-found',
    remedy: 'Look at the path: names of files are case-sensitive.',
  },
}
