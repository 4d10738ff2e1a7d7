/**
 * Where a policy is: the whole instance, or a folder.
 *
 * @module
 */
import { readRemotePath } from '../files/remote-path.ts'

/** The path of its calls; `undefined` for the instance. */
export function policyCall(place: string | undefined): string {
  if (place === undefined) return '/v1/policy'
  const names = readRemotePath(place).replace(/\/$/, '').split('/')
  return `/v1/folders/${names.map(encodeURIComponent).join('/')}/policy`
}

/** As people call it. */
export function showPlace(place: string | undefined): string {
  return place === undefined ? 'the instance' : readRemotePath(place)
}
