/** Wrong passwords, counted for all processes in one place. */
import type { GuessBounds, GuessCatalog } from '../guess-steps.ts'
import { passwordGuesses } from '../tables/guesses.ts'
import type { StoredGuesses } from './schema.ts'
import type { Script, SqlEngine, Statement, WriteOptions } from './script.ts'

/** Each guess takes some of those away that count no more, so that they do not pile up. */
const FORGOTTEN_AT_ONCE = 20

export function createGuessCatalog(engine: SqlEngine): GuessCatalog {
  const at = prepareGuesses(engine)

  function* recent(who: string, { nowMs, windowMs }: Omit<GuessBounds, 'most'>): Script<number[]> {
    const row = yield* at.find.get({ who })
    if (row === undefined) return []
    // Clocks of two servers differ a little; what one that is far off has counted is nothing that happened.
    return passwordGuesses.toRecord(row).times.filter((time) => Math.abs(time - nowMs) < windowMs)
  }

  function* waitOf(who: readonly string[], bounds: GuessBounds): Script<number | null> {
    for (const one of who) {
      const times = yield* recent(one, bounds)
      const [oldest = 0] = times
      if (times.length >= bounds.most) return oldest + bounds.windowMs
    }
    return null
  }

  function* keep(who: string, times: readonly number[], forgetAt: number): Script<void> {
    yield* at.put.run(passwordGuesses.toStored({ who, times, forgetAt }))
  }

  return {
    begin: async (who, bounds) => {
      // Whoever has to wait costs no transaction.
      const waitsFor = await engine.read(() => waitOf(who, bounds))
      if (waitsFor !== null) return waitsFor
      return engine.write(function* () {
        const until = yield* waitOf(who, bounds)
        if (until !== null) return until
        const { nowMs, windowMs } = bounds
        // Before anything is counted, so that who waits here for another holds as little as can be.
        yield* at.forget.run({ nowMs, limit: FORGOTTEN_AT_ONCE })
        for (const one of who) {
          const times = [...(yield* recent(one, bounds)), nowMs].toSorted((a, b) => a - b)
          yield* keep(one, times, (times.at(-1) ?? nowMs) + windowMs)
        }
        return null
      }, touching(who))
    },
    forgive: (who, atMs) =>
      engine.write(function* () {
        for (const one of who) {
          const row = yield* at.find.get({ who: one })
          if (row === undefined) continue
          const { times, forgetAt } = passwordGuesses.toRecord(row)
          const index = times.indexOf(atMs)
          if (index !== -1) yield* keep(one, times.toSpliced(index, 1), forgetAt)
        }
      }, touching(who)),
  }
}

/** What it takes of a full disk goes again within minutes. */
function touching(who: readonly string[]): WriteOptions {
  return { isUrgent: true, touches: who.map((one) => `guesses of ${one}`) }
}

interface GuessStatements {
  readonly find: Statement<{ who: string }, StoredGuesses>
  readonly put: Statement<StoredGuesses, unknown>
  readonly forget: Statement<{ nowMs: number; limit: number }, unknown>
}

function prepareGuesses({ query, prepare }: SqlEngine): GuessStatements {
  return {
    find: prepare((v: { who: string }) =>
      query
        .selectFrom('password_guesses')
        .select(passwordGuesses.selection)
        .where('who', '=', v.who),
    ),
    put: prepare((v: StoredGuesses) =>
      query
        .insertInto('password_guesses')
        .values(passwordGuesses.every(v))
        .onConflict((conflict) =>
          conflict.column('who').doUpdateSet(passwordGuesses.except(v, 'who')),
        ),
    ),
    forget: prepare((v: { nowMs: number; limit: number }) =>
      query
        .deleteFrom('password_guesses')
        // Said of the row itself, too: somebody else may have guessed since it was found.
        .where('forget_at', '<=', v.nowMs)
        .where('who', 'in', (those) =>
          those
            .selectFrom('password_guesses')
            .select('who')
            .where('forget_at', '<=', v.nowMs)
            .orderBy('forget_at')
            .limit(v.limit),
        ),
    ),
  }
}
