import { test } from 'node:test'
import { nameEntries } from '../../../src/core/shares/zip/zip-names.ts'
import { assertLinearTime } from '../../../../../conformance/lib/linear-time.ts'

/** As many keys as it has letters, each another text of characters for which an archive has one. */
function nameAll(text: string): void {
  const keys = Array.from(text, (_letter, index) => `in/${unsafe(index)}`)
  nameEntries('in', 'in/', keys)
}

function unsafe(index: number): string {
  const digits = index.toString(7).padStart(8, '0')
  return digits.replaceAll(/\d/g, (digit) => '<>:"|?*'[Number(digit)] ?? '')
}

test('an archive of files whose names all come out the same is named in linear time', () => {
  const [short, long] = ['x'.repeat(2000), 'x'.repeat(20_000)]
  assertLinearTime(nameAll, { short, long, factor: 40 }, 'names of an archive')
})
