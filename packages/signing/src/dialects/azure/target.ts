/**
 * What a token is for: a container, or something in it. The `sr` letters, and the text of the resource line.
 *
 * @module
 */

import { keepLast } from '../../lib/keep-last.ts'
import { hasDotSegment } from '../../lib/path-scope.ts'
import { requireGiven } from '../../lib/required-options.ts'
import { percentEncodePath } from '../../lib/percent-encode.ts'
import type { AzureFields } from './params.ts'
import { hasControl } from './params.ts'

/** What a service or user delegation SAS may be made for. Nobody gets all of a container for a name that was forgotten. */
export type AzureTargetOptions = { readonly container: string } & (BlobTarget | DirectoryTarget)

interface BlobTarget {
  /** One blob, by its decoded name; `null` is the container itself, with all that is in it. */
  readonly blob: string | null
  /** One snapshot of the blob, by its time as the service wrote it. */
  readonly snapshot?: string
  /** One version of the blob, by its id as the service wrote it. */
  readonly versionId?: string
  readonly directory?: undefined
}

interface DirectoryTarget {
  /**
   * A directory and all below it, by its decoded path; `''` is the root. Needs a version of 2020-02-10 or later, and an
   * account with a hierarchical namespace or one that takes directory tokens.
   */
  readonly directory: string
  readonly blob?: undefined
  readonly snapshot?: undefined
  readonly versionId?: undefined
}

/** Where a target is. */
export interface AzureLocation {
  /** Path of the resource line. */
  readonly resourcePath: string
  /** Encoded path of the URL, from its first slash. */
  readonly urlPath: string
}

/** Of which moment a target is. */
export interface AzureMoment {
  readonly snapshot: string
  /** Query of the URL in front of the token, with its `&`: the snapshot or version. */
  readonly urlQuery: string
}

const CONTAINER = /^(?:\$root|\$web|\$logs|[a-z0-9](?:[a-z0-9-]{1,61})[a-z0-9])$/
const NO_MOMENT: AzureMoment = { snapshot: '', urlQuery: '' }

/** Puts `sr` and `sdd` into the fields and gives back the moment. @throws {TypeError | RangeError} naming the option */
export function fillTarget(fields: AzureFields, options: AzureTargetOptions): AzureMoment {
  checkContainer(options.container)
  if (options.directory !== undefined) {
    fillDirectory(fields, options.directory, options)
    return NO_MOMENT
  }
  const hasMoment = options.snapshot !== undefined || options.versionId !== undefined
  if (options.blob === undefined) {
    throw new TypeError('blob is missing: a name, or null for the whole container')
  }
  if (options.blob === null) {
    if (hasMoment) throw new TypeError('blob must be a name: snapshot and versionId are of one')
    fields.sr = 'c'
    return NO_MOMENT
  }
  if (hasMoment) return fillMoment(fields, options)
  fields.sr = 'b'
  return NO_MOMENT
}

/** Says where the target of checked options is. @throws {TypeError} for the name of a blob that cannot be one */
export type AzureLocator = (target: AzureTargetOptions) => AzureLocation

/** The locator of an account. It keeps where the last container is. */
export function createLocator(account: string): AzureLocator {
  // Joined to one flat text, which is cheaper to sign than one of pieces.
  const rootOf = keepLast((container: string) => ['/blob/', account, '/', container].join(''))
  return ({ container, blob, directory }) => {
    const root = rootOf(container)
    const name = directory ?? blob
    if (name === null || directory === '') return { resourcePath: root, urlPath: `/${container}` }
    const encoded = encodeName(name, directory === undefined ? 'blob' : 'directory')
    return { resourcePath: `${root}/${name}`, urlPath: `/${container}/${encoded}` }
  }
}

// Nothing to escape, and no segment that begins with a dot: such a name needs no other check.
const PLAIN_NAME = /^[A-Za-z0-9\-_~][A-Za-z0-9\-._~/]*$/

/** The name as it stands in a URL. @throws {TypeError} */
export function encodeName(name: string, parameter: string): string {
  if (typeof name === 'string' && PLAIN_NAME.test(name) && !name.includes('/.')) return name
  checkName(name, parameter)
  return percentEncodePath(name)
}

/** @throws {TypeError} */
export function checkContainer(container: string): void {
  requireGiven(container, 'container')
  if (typeof container !== 'string' || !CONTAINER.test(container)) {
    throw new TypeError('container must be a container name')
  }
}

/** @throws {TypeError} */
function checkName(name: string, parameter: string): void {
  if (typeof name !== 'string' || name === '' || hasControl(name) || !name.isWellFormed()) {
    throw new TypeError(`${parameter} must be a name without control characters`)
  }
  if (hasDotSegment(name)) {
    throw new TypeError(`${parameter} must be free of dot segments: clients fold them`)
  }
}

function fillDirectory(
  fields: AzureFields,
  directory: string,
  others: Pick<AzureTargetOptions, 'blob' | 'snapshot' | 'versionId'>,
): void {
  for (const name of ['blob', 'snapshot', 'versionId'] as const) {
    if (others[name] !== undefined) throw new TypeError(`directory and ${name} exclude each other`)
  }
  if ((fields.sv ?? '') < '2020-02-10') {
    throw new RangeError('directory needs version 2020-02-10 or later')
  }
  fields.sr = 'd'
  if (directory === '') {
    fields.sdd = '0'
    return
  }
  checkName(directory, 'directory')
  const segments = directory.split('/')
  // An empty segment would make the depth mean two things.
  if (segments.includes('')) {
    throw new TypeError('directory must be a path without empty segments and slashes at its ends')
  }
  fields.sdd = String(segments.length)
}

function fillMoment(fields: AzureFields, { snapshot, versionId }: AzureTargetOptions): AzureMoment {
  if (snapshot !== undefined && versionId !== undefined) {
    throw new TypeError('snapshot and versionId exclude each other')
  }
  const moment = snapshot ?? versionId ?? ''
  if (!/^[0-9TZ:.-]{10,40}$/.test(moment)) {
    throw new TypeError('snapshot and versionId must be as the service wrote them')
  }
  fields.sr = snapshot === undefined ? 'bv' : 'bs'
  const first = snapshot === undefined ? '2019-10-10' : '2018-11-09'
  if ((fields.sv ?? '') < first) {
    throw new RangeError(`snapshot and versionId need version ${first} or later`)
  }
  const name = snapshot === undefined ? 'versionid' : 'snapshot'
  return { snapshot: moment, urlQuery: `${name}=${encodeURIComponent(moment)}&` }
}
