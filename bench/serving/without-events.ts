/**
 * Loaded before a server (`node --import`) it has none of the uses of rights written down, so that no rule looks at them either. No setting
 * does that: what it costs is measured against a server that nobody can start.
 */
import { registerHooks } from 'node:module'

const REAL = '/packages/server/src/core/events/event-log.ts'

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context)
    if (!resolved.url.endsWith(REAL)) return resolved
    return { ...resolved, url: new URL('no-event-log.ts', import.meta.url).href }
  },
})
