/** Sends the bytes of a file that waits through a scanner. */
import type { ScanResult, Scanner } from '../../scanners/scanner.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { readHeldBytes } from './held-bytes.ts'
import type { Look } from './judge.ts'
import type { Opinion } from './verdict.ts'

export function createScanLook(core: CoreContext, scanner: Scanner): Look {
  return async (held, signal) =>
    toOpinion(await scanner.scan(readHeldBytes(core, held, signal), signal))
}

function toOpinion(result: ScanResult): Opinion {
  switch (result.outcome) {
    case 'clean':
    case 'too-large':
      return { kind: result.outcome }
    case 'found':
      return { kind: 'refused', refusal: refusal('malware-found', { name: result.name }) }
    case 'lost':
      return { kind: 'lost', why: result.why }
  }
}
