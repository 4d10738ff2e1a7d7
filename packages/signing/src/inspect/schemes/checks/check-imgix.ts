/**
 * How the signature of an Imgix URL came about.
 *
 * @module
 */
import { signImgixText } from '../../../dialects/imgix/string-to-sign.ts'
import { valuesByName } from '../../facts/detection.ts'
import type { DialectExplanation, ExplainContext } from '../../facts/dialect-facts.ts'
import { checkUrlText } from './check-url-text.ts'

const RESERVED: ReadonlySet<string> = new Set(['s'])

/** What the signature shows with the tokens given. */
export function checkImgix(context: ExplainContext): DialectExplanation {
  return checkUrlText(context, {
    dialect: 'imgix',
    sent: valuesByName(context.request.url.parameters).get('s') ?? '',
    wanted: 'lower-case hex',
    reserved: RESERVED,
    macsOf: ({ secret, path, query }) => [signImgixText(secret, path, query?.join('&') ?? '')],
    varies: { hasQuery: true },
  })
}
