/**
 * Looks at a file that waits: that its bytes are those that came and what they are said to be, then whoever the policy of its folder
 * names, one after the other. It is the policy of this moment, so that a line that was taken away holds nothing back.
 */
import type { HeldRecord } from '../../catalog/held-steps.ts'
import type { ScannerName } from '../../policy-lines/policy-lines.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import type { DomainError } from '../errors.ts'
import { digestBytes } from '../files/digest-range.ts'
import { findContradiction } from '../files/kinds/contradiction.ts'
import { HEAD_BYTES } from '../files/kinds/recognise.ts'
import { readHead } from '../files/read-head.ts'
import type { EffectivePolicy } from '../policy/line-rules.ts'
import { readHeldBytes } from './held-bytes.ts'
import type { Opinion, Verdict } from './verdict.ts'

/** Asks one of those that look at files. */
export type Look = (held: HeldRecord, signal: AbortSignal) => Promise<Opinion>

export type Lookers = { readonly [Name in ScannerName]?: Look | undefined }

const CONTENT = 'content'

export async function judge(
  core: CoreContext,
  lookers: Lookers,
  { held, policy }: { readonly held: HeldRecord; readonly policy: EffectivePolicy },
  signal: AbortSignal,
): Promise<Verdict> {
  const passed = [...held.passed]
  if (!passed.includes(CONTENT)) {
    const refused = await checkContent(core, held, signal)
    if (refused !== null) return { kind: 'reject', refusal: refused }
    passed.push(CONTENT)
  }
  const unseen: ScannerName[] = []
  for (const name of policy.quarantine ?? []) {
    if (passed.includes(name)) continue
    const opinion = await ask(lookers[name], held, signal)
    signal.throwIfAborted()
    if (opinion.kind === 'refused') return { kind: 'reject', refusal: opinion.refusal }
    if (opinion.kind === 'later') return { kind: 'wait', passed, lost: null }
    if (opinion.kind === 'clean') {
      passed.push(name)
      continue
    }
    if (opinion.kind === 'lost') core.log.warn({ scanner: name, why: opinion.why }, 'scanner lost')
    if (policy.scannerLost === 'pass') unseen.push(name)
    else if (opinion.kind === 'lost') return { kind: 'wait', passed, lost: name }
    else return { kind: 'reject', refusal: refusal('file-unscannable', { scanner: name }) }
  }
  return { kind: 'admit', unseen }
}

function ask(look: Look | undefined, held: HeldRecord, signal: AbortSignal): Promise<Opinion> {
  return look === undefined
    ? Promise.resolve({ kind: 'lost', why: 'the settings name none' })
    : look(held, signal)
}

async function checkContent(
  core: CoreContext,
  held: HeldRecord,
  signal: AbortSignal,
): Promise<DomainError | null> {
  const known = held.checksums.filter(({ type }) => type === 'full-object')
  const algorithms = known.map(({ algorithm }) => algorithm)
  const digests = await digestBytes(core, readHeldBytes(core, held, signal), {
    algorithms,
    size: held.size,
  })
  const wrong = known.find(
    ({ algorithm, value }) =>
      Buffer.from(digests.get(algorithm) ?? []).toString('base64') !== value,
  )
  if (wrong !== undefined) return refusal('digest-mismatch', { check: wrong.algorithm })
  return findContradiction(held, await readHead(core, held, HEAD_BYTES))
}
