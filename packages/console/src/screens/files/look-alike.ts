/** Names that may look like another one: S3 tells them apart byte for byte, people do not. */

const EMOJI = /\p{RGI_Emoji}/gv
/** Marks without a shape, blanks that are no space, and a space where nobody sees it. */
const UNSEEN = /[\p{Cf}\p{Co}]|(?! )\p{Zs}|^ | $| {2}/u
const WORDS = /[\p{L}\p{M}]+/gu

/** Why the name may be taken for another; `null` for all others. */
export function findLookAlike(name: string): string | null {
  if (name.normalize('NFC') !== name) return 'Its accents are letters of their own.'
  if (UNSEEN.test(name.replaceAll(EMOJI, ''))) return 'It holds blanks or marks that nobody sees.'
  const isMixed = [...name.matchAll(WORDS)].some(([word]) => isOfTwoAlphabets(word))
  return isMixed ? 'One of its words mixes letters of two alphabets.' : null
}

/** Those whose letters look alike. */
function isOfTwoAlphabets(word: string): boolean {
  return /\p{Script=Latin}/u.test(word) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(word)
}
