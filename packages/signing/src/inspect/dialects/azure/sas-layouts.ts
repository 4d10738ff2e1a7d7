/**
 * The texts that hand-made signers of a SAS build in the place of the right one: lines of other versions, lines left
 * out or put in, another spelling of the resource, other line ends.
 *
 * @module
 */
import type { Variant } from '../../hypotheses/hypotheses.ts'
import type { SasView } from './sas-view.ts'

const CODE = 'string-to-sign-differs'
const MAX_LINES = 32

/** Each view signs one such text; `text` is the right one. */
export function* sasLayouts(view: SasView, text: string): Generator<Variant<SasView>> {
  const seen = new Set([text])
  for (const [other, difference] of texts(view, text)) {
    if (seen.has(other)) continue
    seen.add(other)
    yield { view: { ...view, text: other }, code: CODE, facts: { difference } }
  }
}

type Wrong = readonly [text: string, difference: string]

function* texts(view: SasView, text: string): Generator<Wrong> {
  const lines = text.split('\n')
  if (lines.length > MAX_LINES) return
  yield* lineEnds(text)
  if (view.kind !== 'account') yield* resources(view, lines)
  yield* lineCounts(lines)
  yield* spellings(lines)
}

function* lineEnds(text: string): Generator<Wrong> {
  yield [text.replace(/\n$/, ''), 'the line feed at its end is missing']
  yield [`${text}\n`, 'it has a line feed too many at its end']
  yield [text.replaceAll('\n', '\r\n'), 'its lines end with CR LF']
  yield [text.replaceAll('\n', '\\n'), 'its line feeds are written as a backslash and an n']
  yield [text.replace(/\n+$/, ''), 'its empty last lines are missing']
}

/** The line of the resource, as old versions and other services have it, or as a URL. */
function* resources(view: SasView, lines: readonly string[]): Generator<Wrong> {
  const at = lines.findIndex((line) => line.startsWith('/blob/'))
  const line = lines[at]
  if (line === undefined) return
  const bare = line.slice('/blob'.length)
  const { account, container, name } = view
  const inside = name === '' ? container : `${container}/${name}`
  const others: readonly Wrong[] = [
    [bare, 'its resource line begins without /blob'],
    [line.slice(1), 'its resource line begins without a slash'],
    [`/file${bare}`, 'its resource line begins with /file'],
    [`/dfs${bare}`, 'its resource line begins with /dfs'],
    [`/${inside}`, 'its resource line lacks the account'],
    [`/blob/${inside}`, 'its resource line lacks the account'],
    [inside, 'its resource line lacks the account'],
    [`/blob/${account}/${container}`, 'its resource line names the container alone'],
    [`/blob/${account}/${container}/`, 'its resource line ends with a slash'],
    [`${line}/`, 'its resource line ends with a slash'],
    [`https://${account}.blob.core.windows.net/${inside}`, 'its resource line is the whole URL'],
    [line.toLowerCase(), 'its resource line is in lower case'],
  ]
  for (const [other, difference] of others) yield [lines.with(at, other).join('\n'), difference]
}

/** Each line left out, each place with an empty line more; and two or three empty lines too few. */
function* lineCounts(lines: readonly string[]): Generator<Wrong> {
  for (const [index, line] of lines.entries()) {
    const which = line === '' ? `the empty line ${index + 1}` : `line ${index + 1}`
    yield [lines.toSpliced(index, 1).join('\n'), `${which} is missing`]
  }
  for (let index = 0; index <= lines.length; index += 1) {
    const wrong = lines.toSpliced(index, 0, '').join('\n')
    yield [wrong, `there is an empty line too many at line ${index + 1}`]
  }
  for (let index = 0; index < lines.length; index += 1) {
    for (const count of [2, 3]) {
      const wrong = lines.toSpliced(index, count).join('\n')
      yield [wrong, `${count} lines from line ${index + 1} on are missing`]
    }
  }
  // Before 2018-11-09 nothing stood between the version and the overrides.
  for (let index = 0; index < lines.length; index += 1) {
    for (let other = index + 2; other < lines.length; other += 1) {
      const wrong = lines.toSpliced(other, 1).toSpliced(index, 1).join('\n')
      yield [wrong, `the lines ${index + 1} and ${other + 1} are missing`]
    }
  }
}

function* spellings(lines: readonly string[]): Generator<Wrong> {
  yield [lines.filter((line) => line !== '').join('\n'), 'its empty lines are missing']
  for (const [index, line] of lines.entries()) {
    if (line === '') continue
    const encoded = encodeURIComponent(line.toWellFormed())
    if (encoded !== line && !line.startsWith('/')) {
      yield [lines.with(index, encoded).join('\n'), `line ${index + 1} is percent-encoded`]
    }
    if (/^\d{4}-\d\d-\d\dT[\d:]{8}Z$/.test(line)) {
      for (const other of [
        line.replace('Z', '.000Z'),
        line.slice(0, 16) + 'Z',
        line.slice(0, 10),
      ]) {
        yield [
          lines.with(index, other).join('\n'),
          `line ${index + 1} has another form of the time`,
        ]
      }
    }
  }
}
