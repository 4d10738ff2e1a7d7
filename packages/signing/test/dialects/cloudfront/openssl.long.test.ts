import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { presignCloudFront, verifyCloudFront } from '../../../src/cloudfront.ts'
import {
  decodeCloudFrontBase64,
  encodeCloudFrontBase64,
} from '../../../src/dialects/cloudfront/params.ts'
import { formatCannedPolicy } from '../../../src/dialects/cloudfront/string-to-sign.ts'
import { parameterOf, pemOf, requestOf } from '../cloud-support.ts'

const URL_ = 'https://d111111abcdef8.cloudfront.net/docs/report.pdf?size=l'
const NOW = new Date('2026-03-14T09:26:53Z')
const EXPIRES = 1773484013

function isMissing(): string | false {
  try {
    execFileSync('openssl', ['version'], { stdio: 'pipe' })
    return false
  } catch {
    return 'no openssl on this machine'
  }
}

describe('CloudFront signatures and the openssl command', { skip: isMissing() }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-openssl-'))
  after(() => rmSync(folder, { recursive: true }))
  const file = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  }
  const policy = formatCannedPolicy(URL_, EXPIRES)

  for (const keyName of ['hallpass-test-rsa-2', 'hallpass-test-ec-1']) {
    for (const [hashAlgorithm, flag] of [
      ['SHA1', '-sha1'],
      ['SHA256', '-sha256'],
    ] as const) {
      const pem = pemOf(keyName)

      test(`${keyName} ${hashAlgorithm}: openssl verifies our signature`, () => {
        const { url } = presignCloudFront({
          url: URL_,
          keyPairId: 'K1',
          privateKey: pem.private,
          hashAlgorithm,
          expiresAt: new Date(EXPIRES * 1000),
        })
        const signature = decodeCloudFrontBase64(parameterOf(url, 'Signature')) ?? new Uint8Array()
        const answer = execFileSync(
          'openssl',
          [
            'dgst',
            flag,
            '-verify',
            file('public.pem', pem.public),
            '-signature',
            file('signature', signature),
            file('policy', policy),
          ],
          { encoding: 'utf8' },
        )
        assert.equal(answer.trim(), 'Verified OK')
      })

      test(`${keyName} ${hashAlgorithm}: we verify what openssl signs`, () => {
        const signature = execFileSync('openssl', [
          'dgst',
          flag,
          '-sign',
          file('private.pem', pem.private),
          file('policy', policy),
        ])
        const hash = hashAlgorithm === 'SHA256' ? '&Hash-Algorithm=SHA256' : ''
        const url = `${URL_}&Expires=${EXPIRES}&Signature=${encodeCloudFrontBase64(signature)}&Key-Pair-Id=K1${hash}`
        const grant = verifyCloudFront(requestOf(url), { lookup: () => pem.public, now: NOW })
        assert.equal(grant.url, URL_)
        assert.equal(grant.hashAlgorithm, hashAlgorithm)
      })
    }
  }
})
