/** Goes on with a list for as long as its pages show nothing. */
import { storeUnavailable } from '../../platform/store-errors.ts'

/** Of a thousand keys each. */
const MOST_PAGES = 10_000

/**
 * Takes what the store says it goes on with, and gives it back. Throws a StoreError for a store that stays where it is, or comes to no end: nobody
 * waits for that.
 */
export function createPageTurner(store: string): (token: string) => string {
  let [turned, last] = [0, '']
  return (token) => {
    turned += 1
    if (token === last) throw storeUnavailable(`${store} lists the same page again and again.`)
    if (turned > MOST_PAGES) throw storeUnavailable(`${store} lists pages without an end.`)
    last = token
    return token
  }
}
