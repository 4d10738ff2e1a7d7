/** The language of a page: the one that its reader's browser asks for most, of those there are [RFC9110 12.5.4]. */
import { de } from './de.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import { ja } from './ja.ts'
import { zh } from './zh.ts'
import type { Messages } from './messages.ts'

const LANGUAGES: ReadonlyMap<string, Messages> = new Map(
  [en, de, fr, es, ja, zh].map((known) => [known.language, known]),
)

const MAX_RANGES = 32
const RANGE = /^\s*([a-z]{1,8})(?:-[a-z0-9-]{1,40})?\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*$/i

export function chooseLanguage(acceptLanguage: string | null): Messages {
  let best: { readonly messages: Messages; readonly weight: number } | null = null
  for (const range of (acceptLanguage ?? '').split(',', MAX_RANGES)) {
    const [, language = '', quality = '1'] = RANGE.exec(range) ?? []
    const messages = LANGUAGES.get(language.toLowerCase())
    const weight = Number(quality)
    if (messages === undefined || weight === 0) continue
    if (best === null || weight > best.weight) best = { messages, weight }
  }
  return best?.messages ?? en
}
