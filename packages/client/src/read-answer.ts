/** What a call resolves to. */
import { unexpected } from './send.ts'

/** JSON as what it says, text as text, and nothing as nothing. Throws `answer-unexpected`. */
export async function readAnswer(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined
  const type = response.headers.get('content-type') ?? ''
  if (type.startsWith('text/plain')) return response.text()
  if (!type.startsWith('application/json')) throw unexpected(response, `it sent ${type}`)
  try {
    return await response.json()
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw unexpected(response, 'its JSON is broken')
  }
}
