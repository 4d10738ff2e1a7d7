import { suite, test } from 'node:test'
import { redact } from '@hallpass/signing/redact'
import { assertLinearTime } from '../../../../conformance/lib/linear-time.ts'

suite('redact needs linear time', () => {
  const MEBIBYTE = 1 << 20
  const hostile = [
    'token=',
    'token:',
    'sig=',
    'sig=aaaaaaaa&',
    'signature="',
    'eyJ',
    '-eyJ',
    'eyJaaaaaaaaa.',
    '?',
    '?A1b2',
    '%25',
    '%253F',
    'token=%25',
    '&',
    '&amp',
    'a',
    '=',
    '\\',
    '\\u00',
    'token\\\\',
    'Bearer ',
    'authorization: ',
    'authorization: AWS ',
    'policy=eyJ',
    'hp_',
    'hps_',
    'secret key ',
    ' hp_',
    'name="policy"\n',
    'token ',
    'token"',
    '"token", ',
    'X-Amz-Signature-',
    'token=exp=',
    '/edge-cache-token=Signature=',
    'password=',
    '"value":"',
    '"value":"aA1aA1aA1","name":"',
    '"name":"sig","comment":"",',
    'sig:[',
    'sig: - ',
    'sig: string(',
    '["sig",',
    '["sig", "comment": ',
    '<name>sig</name><value>',
    '<sig></',
    'name="sig" content-a: b; ',
    '| sig | ',
    '- sig\n- ',
    'signature=t=12345678,v1=',
    'Stripe-Signature: t=12345678,v1=a1,',
    'sig1=:',
    'a=:A1b2',
    'AAAAAAAAAAAAAAAAAA--',
    '--a',
    'webhooks/123456789012345/',
    '"/p/aA1',
    'upload/s--',
    'hooks.slack.com/services/',
    'xoxb-',
    'ghp_',
    '&s=',
    '&code=',
    '#012sig=',
    'sig#012',
    ':A',
  ]

  test('a hostile line of 1 MiB takes no more than in proportion what one of 64 KiB takes', () => {
    for (const piece of hostile) {
      const long = piece.repeat(Math.ceil(MEBIBYTE / piece.length))
      const short = long.slice(0, MEBIBYTE / 16)
      // 16 times the length; quadratic time would be 256 times as long.
      assertLinearTime(redact, { short, long, factor: 80 }, JSON.stringify(piece))
    }
  })
})
