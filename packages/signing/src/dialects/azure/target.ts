/**
 * What a token is for: a container, or something in it. The `sr` letters, and the text of the resource line.
 *
 * @module
 */

import { hasDotSegment } from '../../lib/path-scope.ts'
import { percentEncodePath } from '../../lib/percent-encode.ts'
import type { AzureFields } from './params.ts'
import { hasControl } from './params.ts'

/** What a service or user delegation SAS may be made for. Without `blob` and `directory` it is for the container. */
export interface AzureTargetOptions {
  readonly container: string
  /** One blob, by its decoded name. */
  readonly blob?: string
  /** One snapshot of the blob, by its time as the service wrote it. */
  readonly snapshot?: string
  /** One version of the blob, by its id as the service wrote it. */
  readonly versionId?: string
  /**
   * A directory and all below it, by its decoded path; `''` is the root. Needs a version of 2020-02-10 or later, and an
   * account with a hierarchical namespace or one that takes directory tokens.
   */
  readonly directory?: string
}

/** A target taken apart. */
export interface AzureTarget {
  /** Path of the resource line. */
  readonly resourcePath: string
  readonly snapshot: string
  /** Encoded path of the URL, from its first slash. */
  readonly urlPath: string
  /** Query of the URL in front of the token, with its `&`: the snapshot or version. */
  readonly urlQuery: string
}

const CONTAINER = /^(?:\$root|\$web|\$logs|[a-z0-9](?:[a-z0-9-]{1,61})[a-z0-9])$/

/** Puts `sr` and `sdd` into the fields and gives back the rest. @throws {TypeError | RangeError} naming the option */
export function fillTarget(
  fields: AzureFields,
  account: string,
  options: AzureTargetOptions,
): AzureTarget {
  const { container, blob, directory } = options
  checkContainer(container)
  const root = `/blob/${account}/${container}`
  if (directory !== undefined) return fillDirectory(fields, root, options)
  if (blob === undefined) {
    if (options.snapshot !== undefined || options.versionId !== undefined) {
      throw new TypeError('blob must be given with snapshot and versionId')
    }
    fields.sr = 'c'
    return { resourcePath: root, snapshot: '', urlPath: `/${container}`, urlQuery: '' }
  }
  checkName(blob, 'blob')
  const resourcePath = `${root}/${blob}`
  const urlPath = `/${container}/${percentEncodePath(blob)}`
  if (options.snapshot === undefined && options.versionId === undefined) {
    fields.sr = 'b'
    return { resourcePath, snapshot: '', urlPath, urlQuery: '' }
  }
  return { resourcePath, urlPath, ...fillMoment(fields, options) }
}

/** @throws {TypeError} */
export function checkContainer(container: string): void {
  if (typeof container !== 'string' || !CONTAINER.test(container)) {
    throw new TypeError('container must be a container name')
  }
}

/** @throws {TypeError} */
export function checkName(name: string, parameter: string): void {
  if (typeof name !== 'string' || name === '' || hasControl(name) || !name.isWellFormed()) {
    throw new TypeError(`${parameter} must be a name without control characters`)
  }
  if (hasDotSegment(name)) {
    throw new TypeError(`${parameter} must be free of dot segments: clients fold them`)
  }
}

function fillDirectory(
  fields: AzureFields,
  root: string,
  { container, directory = '', ...others }: AzureTargetOptions,
): AzureTarget {
  for (const name of ['blob', 'snapshot', 'versionId'] as const) {
    if (others[name] !== undefined) throw new TypeError(`directory and ${name} exclude each other`)
  }
  if ((fields.sv ?? '') < '2020-02-10') {
    throw new RangeError('directory needs version 2020-02-10 or later')
  }
  fields.sr = 'd'
  if (directory === '') {
    fields.sdd = '0'
    return { resourcePath: root, snapshot: '', urlPath: `/${container}`, urlQuery: '' }
  }
  checkName(directory, 'directory')
  const segments = directory.split('/')
  // An empty segment would make the depth mean two things.
  if (segments.includes('')) {
    throw new TypeError('directory must be a path without empty segments and slashes at its ends')
  }
  fields.sdd = String(segments.length)
  const urlPath = `/${container}/${percentEncodePath(directory)}`
  return { resourcePath: `${root}/${directory}`, snapshot: '', urlPath, urlQuery: '' }
}

function fillMoment(
  fields: AzureFields,
  { snapshot, versionId }: AzureTargetOptions,
): { snapshot: string; urlQuery: string } {
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
