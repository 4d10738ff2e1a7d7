/**
 * Asks the application whether a file may come in: a message as Standard Webhooks sign it, answered with JSON. The file itself is not
 * sent along: whoever wants the bytes fetches them with a key of its own.
 */
import type { HeldRecord } from '../../catalog/held-steps.ts'
import type { Secret } from '../../platform/secret.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { formatPath } from '../paths.ts'
import { signMessage } from '../webhooks/sign-message.ts'
import type { Look } from './judge.ts'
import type { Opinion } from './verdict.ts'

export interface VerdictOptions {
  readonly url: string
  /** `whsec_…`. */
  readonly secret: Secret
  readonly post: (question: {
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
    readonly signal: AbortSignal
    readonly answerBytes: number
  }) => Promise<
    | { readonly status: number; readonly fault: null; readonly text: string }
    | { readonly status: null; readonly fault: string }
  >
}

const MAX_ANSWER_BYTES = 4096
const MAX_REASON_LETTERS = 500

export function createVerdictLook(
  { clock }: Pick<CoreContext, 'clock'>,
  { url, secret, post }: VerdictOptions,
): Look {
  return async (held, signal) => {
    const body = JSON.stringify(questionOf(held))
    // The same however often it is asked: by it the application knows what it was asked before.
    const signed = signMessage({ id: held.heldId, body }, [secret.reveal()], clock.now())
    const headers = { ...signed, 'content-type': 'application/json', 'user-agent': 'hallpass' }
    const answer = await post({ url, headers, body, signal, answerBytes: MAX_ANSWER_BYTES })
    return answer.status === null
      ? { kind: 'lost', why: answer.fault }
      : readVerdict(answer.status, answer.text)
  }
}

function questionOf(held: HeldRecord): object {
  const { heldId: id, id: fileId, size, contentType, metadata, holder, actor, modifiedAt } = held
  const sha256 = held.checksums.find(
    ({ algorithm, type }) => algorithm === 'sha256' && type === 'full-object',
  )
  const hex = sha256 === undefined ? null : Buffer.from(sha256.value, 'base64').toString('hex')
  const said = { id, fileId, path: formatPath(held), size, contentType, metadata, sha256: hex }
  return {
    type: 'upload.held',
    timestamp: new Date(modifiedAt).toISOString(),
    data: { ...said, key: holder, link: actor.linkId, address: actor.address },
  }
}

/** What is no verdict counts as no answer: nothing comes in by mistake. */
function readVerdict(status: number, text: string): Opinion {
  if (status === 202) return { kind: 'later' }
  if (status < 200 || status >= 300) return { kind: 'lost', why: `it answered ${status}` }
  const { verdict, reason } = parse(text)
  if (verdict === 'accept') return { kind: 'clean' }
  if (verdict === 'later') return { kind: 'later' }
  if (verdict !== 'reject') return { kind: 'lost', why: 'its answer holds no verdict' }
  const why = typeof reason === 'string' ? reason.slice(0, MAX_REASON_LETTERS) : null
  return { kind: 'refused', refusal: refusal('upload-refused', { reason: why }) }
}

function parse(text: string): { readonly verdict?: unknown; readonly reason?: unknown } {
  try {
    const answer: unknown = JSON.parse(text)
    return typeof answer === 'object' && answer !== null ? answer : {}
  } catch {
    return {}
  }
}
