/** Asks for what a body turned out to be; if it is not what was announced, the body is taken away again. */
import type { SealedBody } from '../../catalog/file-steps.ts'
import type { RestingBody } from './rest-body.ts'

export async function sealOrDiscard(
  seal: () => Promise<SealedBody>,
  resting: RestingBody,
): Promise<SealedBody> {
  try {
    return await seal()
  } catch (error) {
    await resting.discard()
    throw error
  }
}
