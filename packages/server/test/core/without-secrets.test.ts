import assert from 'node:assert/strict'
import { test } from 'node:test'
import { agentWithoutSecrets, withoutSecrets } from '../../src/core/without-secrets.ts'

const JWT =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'

/** Of which no eight letters may be left. */
const SECRETS: readonly (readonly [name: string, secret: string])[] = [
  ['a JWT', JWT],
  ['a JWT that was cut short', JWT.slice(0, 60)],
  ['an API key', 'hp_Ab3dEf6hIj9lMn2pQr5tUv8xYz1bCd4fGh7jKl0n'],
  ['a secret access key', 'q7Rk2vXw9LtZp4Ys8Nd1Hg6Jb3Fc5Ma0Ue+TzIoE'],
  ['the secret of a webhook', 'whsec_Kf83QmZr5tLx1WbN7vHd2CyPq9JsGo4E'],
  ['a token of another service', 'sk_live_4eC39HqLyjWDarjtT1zdp7dc'],
  ['a signature', '5d41402abc4b2a76b9719d911017c592ae1f3b0c9e8d7f6a5b4c3d2e1f001122'],
  ['the address of a share', 'https://files.test/s/0AbCdEf1GhIjKl2MnOpQr3StUvWx4Y'],
  ['a share without its host', '0AbCdEf1GhIjKl2MnOpQr3StUvWx4Y'],
  ['a presigned URL', 'https://files.test/a/b?X-Amz-Signature=5d41402abc4b2a76b9719d911017c592'],
]

for (const [name, secret] of SECRETS) {
  test(`${name} in an agent is not kept, alone or between other words`, () => {
    for (const agent of [secret, `curl/8.5.0 ${secret}`, `app (${secret}; x) y/1`]) {
      const kept = agentWithoutSecrets(agent)
      const left = secret.slice(-8)
      assert.ok(!kept.includes(left), kept)
    }
  })
}

test('what programs call themselves is kept as it is', () => {
  const agents = [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Mobile/15E148 Safari/604.1',
    'Mozilla/5.0 (Linux; Android 14; SM-G991B Build/UP1A.231005.007; wv) Chrome/119.0.6045.163 Mobile Safari/537.36',
    'aws-sdk-js/3.523.0 ua/2.0 os/linux#6.1.0-18-amd64 lang/js md/nodejs#20.11.0 api/s3#3.523.0 m/E,N',
    'Boto3/1.34.69 md/Botocore#1.34.69 ua/2.0 os/linux#6.5 md/arch#x86_64 lang/python#3.12.2 Botocore/1.34.69',
    'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
    'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
    'MinIO (linux; amd64) minio-go/v7.0.70 mc/RELEASE.2024-05-09T17-04-24Z',
    'rclone/v1.66.0',
    'HeadlessChrome/120.0.6099.71',
  ]
  for (const agent of agents) assert.equal(agentWithoutSecrets(agent), agent)
})

test('a JWT or an API key as the name of a file is not kept either, and a hash is', () => {
  assert.ok(!withoutSecrets(`acme/${JWT}`).includes(JWT.slice(-8)))
  const key = 'hp_Ab3dEf6hIj9lMn2pQr5tUv8xYz1bCd4fGh7jKl0n'
  assert.ok(!withoutSecrets(`acme/${key}.txt`).includes(key.slice(-8)))
  const name = 'acme/5d41402abc4b2a76b9719d911017c592/0b6c1f9e-5a3f-4c1d-9e57-4d1f0a8f3b21.pdf'
  assert.equal(withoutSecrets(name), name)
})
