/** The faces that browsers speak to. */
import { createShareFace } from './api/share/share-face.ts'
import { createTusFace } from './api/tus/tus-face.ts'
import { createUppyFace } from './api/uppy/uppy-face.ts'
import { createConsoleFace } from './api/console/console-face.ts'
import type { ConsoleFace } from './api/console/console-face.ts'
import { readConsoleFiles } from './api/console/console-files.ts'
import { findConsoleFolder } from './config/console-folder.ts'
import type { AppOptions } from './app.ts'
import type { Config } from './config.ts'
import type { CoreContext } from './core/context.ts'
import type { Metrics } from './platform/metrics.ts'

/** `null` where it is switched off, or was never built. */
function createConsole(config: Config, core: CoreContext): ConsoleFace | null {
  const folder = config.console === 'on' ? findConsoleFolder() : null
  const files = folder === null ? null : readConsoleFiles(folder)
  return files === null ? null : createConsoleFace({ files, core })
}

/** Those that browsers speak to. */
export function createPageFaces(
  config: Config,
  core: CoreContext,
  metrics: Metrics,
): Pick<AppOptions, 'share' | 'tus' | 'uppy' | 'console'> {
  const given = { core, metrics, corsOrigins: config.corsOrigins }
  return {
    share: createShareFace({ core, metrics }),
    tus: createTusFace(given),
    uppy: createUppyFace(given),
    console: createConsole(config, core),
  }
}
