/** What an operator is told who put a proxy in front and said nothing of it. */
import type { Config } from './config.ts'
import type { Log } from './platform/log.ts'

/** This server speaks no TLS: whoever reaches it by https comes through something that does. */
export function warnOfProxies({ publicUrl, trustedProxies }: Config, log: Log): void {
  if (trustedProxies !== null || publicUrl?.startsWith('https:') !== true) return
  log.warn(
    { setting: 'HALLPASS_TRUSTED_PROXIES' },
    'the public URL is https, so a proxy is in front: until HALLPASS_TRUSTED_PROXIES names it, every client seems to have its address, and limits to addresses do not work',
  )
}
