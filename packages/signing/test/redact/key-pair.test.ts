/** The secret of an AWS access key in the cell beside its id, as the consoles hand keys out. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { redact } from '@hallpass/signing/redact'
import { chunked } from './chunked.ts'
import { readMarked } from './schemes.ts'

const ID = 'AKIAIOSFODNN7EXAMPLE'
const SESSION = 'ASIAIOSFODNN7EXAMPLE'
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'

const PAIRS = [
  `${ID},⟦${SECRET}⟧`,
  `Access key ID,Secret access key\r\n${ID},⟦${SECRET}⟧\r\n`,
  `User name,Password,Access key ID,Secret access key,Console login link\nbob,,${ID},⟦${SECRET}⟧,https://x\n`,
  `"${ID}","⟦${SECRET}⟧"\n"${SESSION}","⟦${SECRET}⟧"`,
  `${ID};⟦${SECRET}⟧`,
  `${ID}\t⟦${SECRET}⟧ x`,
  `${ID}:⟦${SECRET}⟧`,
  `| ${ID} | ⟦${SECRET}⟧ |`,
  `${ID} ⟦${SECRET}⟧`,
]

const OTHERS = [
  ID,
  `${ID},`,
  `${ID},Active,2026-11-29T10:00:00Z`,
  `${ID} 356a192b7913b04c54574d18c28d46e6395428ab`,
  `${ID},${SECRET}x`,
  `${ID},${SECRET.slice(1)}`,
  `AKIA and then ${SECRET}`,
  `${ID}, ${'word '.repeat(8)}`,
]

suite('redact knows the secret beside the id of an access key', () => {
  test('in cells and words, wherever a stream is cut', () => {
    for (const marked of PAIRS) {
      const { line, expected } = readMarked(marked)
      assert.equal(redact(line), expected)
      assert.equal(redact(expected), expected)
      for (let cut = 0; cut <= line.length; cut += 1) {
        assert.equal(chunked(line, [cut]), expected, `${marked} cut at ${cut}`)
      }
      const everywhere = Array.from(line, (_, at) => at)
      assert.equal(chunked(line, everywhere), expected, marked)
    }
  })

  test('and leaves what is none', () => {
    for (const line of OTHERS) {
      assert.equal(redact(line), line)
      for (let cut = 0; cut <= line.length; cut += 1) assert.equal(chunked(line, [cut]), line)
    }
  })
})
