/** Cuts downloads under way whose link is revoked or paused, and those that stand still while the client that began them asks again. */
import type { GrantStanding } from '../../catalog/catalog.ts'
import type { CoreContext } from '../context.ts'
import { STANDSTILL_MS } from '../limits.ts'
import { stillStands } from '../policy/authorize.ts'
import type { AnswerUnderWay } from './link-answers.ts'

/** What is looked up in one go, so that requests get their turn in between. */
const AT_ONCE = 128

/** To be called more than once a second: a link that is revoked or paused has given its last byte within one. Never rejects. */
export async function cutAnswers(core: CoreContext): Promise<void> {
  const all = core.answers.underWay()
  try {
    for (let from = 0; from < all.length; from += AT_ONCE) {
      await lookAt(core, all.slice(from, from + AT_ONCE))
    }
  } catch (error) {
    core.log.warn({ err: error }, 'downloads under way could not be looked at')
  }
}

async function lookAt(core: CoreContext, answers: readonly AnswerUnderWay[]): Promise<void> {
  const ids = answers.flatMap((answer) => linkOf(answer) ?? [])
  const found = ids.length === 0 ? [] : await core.catalog.grants.findStandings(ids)
  const standings = new Map(found.map((standing) => [standing.id, standing]))
  for (const answer of answers) {
    const standing = standings.get(linkOf(answer) ?? '') ?? null
    try {
      await judge(core, answer, standing)
    } catch (error) {
      // What cannot be asked of one keeps none of the others.
      core.log.warn({ err: error }, 'a download under way could not be looked at')
    }
  }
}

async function judge(
  core: CoreContext,
  answer: AnswerUnderWay,
  standing: GrantStanding | null,
): Promise<void> {
  if (await isRevoked(core, answer, standing)) cut(core, answer, 'revoked')
  else if (standing !== null && standing.pausedAt !== null) cut(core, answer, 'paused')
  else if (standing !== null) await giveWay(core, answer, standing)
}

async function isRevoked(
  core: CoreContext,
  answer: AnswerUnderWay,
  standing: GrantStanding | null,
): Promise<boolean> {
  if (standing !== null && standing.revokedAt !== null) return true
  const { snapshot } = await core.keyRing.current()
  if (snapshot.epoch === answer.epoch) return false
  if (!(await stillStands(core, answer.permit))) return true
  answer.epoch = snapshot.epoch
  return false
}

/** To the next of the same use, which waits for it (use-link.ts), if it has not moved for long enough. */
async function giveWay(
  core: CoreContext,
  answer: AnswerUnderWay,
  { id, reading }: GrantStanding,
): Promise<void> {
  const current = reading?.answer ?? null
  if (current === null || current.id !== answer.id || !current.isClaimed) {
    answer.claimedSince = null
    return
  }
  const nowMs = core.clock.now()
  answer.claimedSince ??= nowMs
  if (nowMs - answer.movedAt >= STANDSTILL_MS) cut(core, answer, 'superseded')
  else if (answer.movedAt > answer.claimedSince) {
    await core.catalog.grants.denyClaim(id, answer.id)
  }
}

function cut(
  { log }: CoreContext,
  answer: AnswerUnderWay,
  reason: 'revoked' | 'paused' | 'superseded',
): void {
  if (answer.cut === null) return
  log.info({ link: linkOf(answer), path: answer.permit.path, reason }, 'download cut')
  answer.cut()
  answer.cut = null
}

/** `null` for a URL that says of no link. */
function linkOf({ permit }: AnswerUnderWay): string | null {
  const { caller } = permit
  return 'linkId' in caller ? caller.linkId : null
}
