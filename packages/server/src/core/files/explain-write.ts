/** Why a file that was to be made of what is stored already was not made. */
import type { WriteRefusal } from '../../catalog/file-steps.ts'
import type { CoreContext } from '../context.ts'
import type { Permit } from '../policy/permit.ts'
import { fileNotFound } from './open-file.ts'
import { explain } from './write-file.ts'
import type { WritePreconditions } from './write-file.ts'

// oxlint-disable-next-line max-params -- the request and what became of it
export async function explainWrite(
  core: CoreContext,
  permit: Permit<'write'>,
  preconditions: WritePreconditions,
  outcome: WriteRefusal,
): Promise<Error> {
  const needsFile = outcome === 'condition-failed' && preconditions.ifEtag !== undefined
  // A tag that must match is not there to match.
  if (needsFile && (await core.files.find(permit.path)) === null) return fileNotFound(permit.path)
  return explain(core, permit, preconditions, outcome)
}
