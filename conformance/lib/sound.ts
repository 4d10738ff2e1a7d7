/** A sound for browsers to play, and what one makes of it. */
import type { Page } from 'playwright-core'
import { waitUntil } from './patience.ts'

/** How long it is: too long for a browser to fetch it whole in advance. */
export const SECONDS = 600
const BYTES_A_SECOND = 88_200

/** A WAV of nothing [RIFF-WAVE]. */
export function silence(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(44 + SECONDS * BYTES_A_SECOND)
  const head = Buffer.from(bytes.buffer)
  head.write('RIFF', 0, 'latin1')
  head.writeUInt32LE(bytes.byteLength - 8, 4)
  head.write('WAVEfmt ', 8, 'latin1')
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(BYTES_A_SECOND / 2, 24)
  head.writeUInt32LE(BYTES_A_SECOND, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36, 'latin1')
  head.writeUInt32LE(bytes.byteLength - 44, 40)
  return bytes
}

interface Playing {
  readonly at: number
  readonly isReady: boolean
  readonly hasFailed: boolean
}

export function look(page: Page): Promise<Playing> {
  return page.locator('audio').evaluate((element) => {
    const { currentTime, readyState, error } = element as HTMLAudioElement
    return { at: currentTime, isReady: readyState >= 2, hasFailed: error !== null }
  })
}

export function seek(page: Page, to: number): Promise<void> {
  return page.locator('audio').evaluate((element, seconds) => {
    ;(element as HTMLAudioElement).currentTime = seconds
  }, to)
}

/** Until its beginning can be heard. */
export async function load(page: Page): Promise<void> {
  await page.locator('audio').evaluate((element) => (element as HTMLAudioElement).load())
  await seek(page, 1)
  await waitForPlace(page, 1)
}

export async function waitForPlace(page: Page, place: number): Promise<void> {
  await waitUntil(async () => {
    const { at, isReady, hasFailed } = await look(page)
    return isReady && !hasFailed && at === place
  })
}
