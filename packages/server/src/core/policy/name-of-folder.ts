/** Who said a line of a policy, for people. */
import { INSTANCE } from '../paths.ts'

/** `undefined`: nobody did, and the standard holds. */
export function nameOfFolder(path: string | undefined): string {
  if (path === undefined) return 'the standard policy'
  return path === INSTANCE ? 'the policy of the instance' : `the policy of ${path}`
}
