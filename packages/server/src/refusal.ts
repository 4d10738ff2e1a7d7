/** Why the server does not start, for the person who starts it. */
import { ConfigError } from './config.ts'
import type { Config } from './config.ts'
import { isDomainError } from './core/errors.ts'
import { StoreError } from './platform/store-errors.ts'

/** A sentence for a fault that this person can do something about; `null` for a bug. */
export function explainRefusal(error: unknown, { host, port, dataDir }: Config): string | null {
  if (error instanceof ConfigError) return error.problems.join('\nhallpass: ')
  if (isDomainError(error) && error.code === 'field-invalid') return error.message
  if (error instanceof StoreError) return `The data in ${dataDir} cannot be used: ${error.message}`
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use. Choose another with --port or HALLPASS_PORT.`
    case 'EACCES':
      return `Port ${port} may not be used by this user. Choose one above 1023.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine.`
    default:
      return null
  }
}
