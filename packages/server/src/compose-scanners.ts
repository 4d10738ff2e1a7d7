/** Names whoever looks at files, as the settings have them. */
import type { ScannerName } from './policy-lines/policy-lines.ts'
import type { Config } from './config.ts'
import { readClamavAddress } from './config/clamav-address.ts'
import type { CoreContext } from './core/context.ts'
import { SCANNER_IDLE_MS } from './core/limits.ts'
import { createVerdictLook } from './core/quarantine/ask-verdict.ts'
import type { Lookers } from './core/quarantine/judge.ts'
import { createScanLook } from './core/quarantine/scan-held.ts'
import type { PostOut } from './http/post-out.ts'
import { createClamavScanner } from './scanners/clamav/clamav-scanner.ts'

export function scannersOf({ clamav, verdictUrl }: Config): readonly ScannerName[] {
  return [
    ...(clamav === null ? [] : ['clamav' as const]),
    ...(verdictUrl === null ? [] : ['webhook' as const]),
  ]
}

export function createLookers(
  core: CoreContext,
  { clamav, verdictUrl: url, verdictSecret: secret }: Config,
  post: PostOut,
): Lookers {
  const idleMs = SCANNER_IDLE_MS
  return {
    ...(clamav !== null && {
      clamav: createScanLook(
        core,
        createClamavScanner({ address: readClamavAddress(clamav), idleMs }),
      ),
    }),
    ...(url !== null &&
      secret !== null && { webhook: createVerdictLook(core, { url, secret, post }) }),
  }
}
