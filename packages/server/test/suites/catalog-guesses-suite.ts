/** What the catalog promises of wrong passwords. */
import assert from 'node:assert/strict'
import type { CheckCatalog } from './catalog-fixture.ts'

const bounds = (nowMs: number): { nowMs: number; windowMs: number; most: number } => ({
  nowMs,
  windowMs: 60,
  most: 3,
})

export function catalogGuessesSuite(check: CheckCatalog): void {
  check('guesses at any process count together, each for its time', async ({ catalog, other }) => {
    assert.equal(await catalog.guesses.begin(['share:a', 'from:x'], bounds(100)), null)
    assert.equal(await other.guesses.begin(['share:a', 'from:y'], bounds(110)), null)
    assert.equal(await catalog.guesses.begin(['share:a', 'from:z'], bounds(120)), null)
    assert.equal(await other.guesses.begin(['share:a', 'from:w'], bounds(130)), 160)
    assert.equal(await catalog.guesses.begin(['share:b', 'from:x'], bounds(130)), null)
    assert.equal(await other.guesses.begin(['share:a', 'from:w'], bounds(160)), null)
    assert.equal(await catalog.guesses.begin(['share:a', 'from:w'], bounds(160)), 170)
  })

  check('what is not looked at counts for nobody', async ({ catalog, other }) => {
    for (const nowMs of [1, 2, 3]) await catalog.guesses.begin(['share:a'], bounds(nowMs))
    for (const nowMs of [4, 5, 6]) {
      assert.equal(await other.guesses.begin(['from:x', 'share:a'], bounds(nowMs)), 61)
    }
    for (const nowMs of [7, 8, 9]) {
      assert.equal(await other.guesses.begin(['from:x'], bounds(nowMs)), null)
    }
  })

  check('a guess that was right counts no more', async ({ catalog, other }) => {
    for (let nowMs = 1; nowMs <= 20; nowMs += 1) {
      assert.equal(await catalog.guesses.begin(['share:a', 'from:x'], bounds(nowMs)), null)
      await other.guesses.forgive(['share:a', 'from:x'], nowMs)
    }
    await catalog.guesses.forgive(['share:never'], 1)
  })

  check('of many at once at two processes no more are looked at', async ({ catalog, other }) => {
    const guesses = Array.from({ length: 40 }, (_, index) =>
      (index % 2 === 0 ? catalog : other).guesses.begin(['share:a', `from:${index}`], bounds(50)),
    )
    const outcomes = await Promise.all(guesses)
    assert.equal(outcomes.filter((until) => until === null).length, 3)
  })

  check('a clock that is far off holds nobody up', async ({ catalog, other }) => {
    for (const nowMs of [1000, 1001, 1002]) await other.guesses.begin(['share:a'], bounds(nowMs))
    assert.equal(await catalog.guesses.begin(['share:a'], bounds(100)), null)
  })
}
