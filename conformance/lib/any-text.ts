import * as fc from 'fast-check'

const SURROGATES = { from: 0xd800, count: 0x800 }
const CODE_POINTS = 0x11_0000

/** One character out of all of them; like the unit `binary` of fast-check, without a table of a million entries that takes a second. */
export const anyCharacter: fc.Arbitrary<string> = fc
  .nat({ max: CODE_POINTS - SURROGATES.count - 1 })
  .map((index) => String.fromCodePoint(index < SURROGATES.from ? index : index + SURROGATES.count))

/** A text of any characters. */
export function anyText(
  limits: { minLength?: number; maxLength?: number } = {},
): fc.Arbitrary<string> {
  return fc.string({ ...limits, unit: anyCharacter })
}

/** A path and a query of any characters, escaped as `encodeURIComponent` does: `/a%20b/?x=%C3%A9`. */
export const anyTarget: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(anyText({ maxLength: 8 }), { maxLength: 4 }),
    fc.array(fc.tuple(anyText({ minLength: 1, maxLength: 6 }), anyText({ maxLength: 8 })), {
      maxLength: 3,
    }),
  )
  .map(([segments, pairs]) => {
    const path = segments.map((text) => `/${encodeURIComponent(text)}`).join('')
    const query = pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')
    return `${path === '' ? '/' : path}?${query}`
  })
