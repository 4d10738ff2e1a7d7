/**
 * Loaded before a server (`node --import`) it has none of the uses of rights written down, so that no rule looks at them either. No setting
 * does that: what it costs is measured against a server that nobody can start.
 */
import { realpathSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const FILE = join(import.meta.dirname, '../../packages/server/src/core/events/event-log.ts')
/** Throws where there is none: nothing would be replaced, and the server be compared with itself. */
const REAL = pathToFileURL(realpathSync(FILE)).href

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context)
    if (resolved.url !== REAL) return resolved
    return { ...resolved, url: new URL('no-event-log.ts', import.meta.url).href }
  },
})
