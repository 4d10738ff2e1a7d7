/**
 * Loaded before a server (`node --import`) it lets a signal end and begin that uses of rights are written down, so that no rule looks at them
 * either. No setting does that. One process takes both turns: two servers of one commit differ by more than what this costs.
 */
import { realpathSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const FILE = join(import.meta.dirname, '../../packages/server/src/core/events/event-log.ts')
/** Throws where there is none: nothing would be replaced, and the server be compared with itself. */
const REAL = pathToFileURL(realpathSync(FILE)).href
const SWITCHED = new URL('switched-event-log.ts', import.meta.url).href

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context)
    if (resolved.url !== REAL || context.parentURL === SWITCHED) return resolved
    return { ...resolved, url: SWITCHED }
  },
})
