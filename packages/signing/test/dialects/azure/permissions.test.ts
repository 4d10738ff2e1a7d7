import assert from 'node:assert/strict'
import { test } from 'node:test'
import { presignAzureAccount, presignAzureBlob } from '@hallpass/signing/azure'
import type { AzurePermissionName, AzurePermissions } from '@hallpass/signing/azure'

const BASE = {
  account: 'hallpasstest',
  accountKey: btoa('a made-up key of thirty-two bytes'),
  container: 'docs',
  blob: 'report.pdf',
  expiresInSeconds: 60,
}

function lettersOf(permissions: AzurePermissions): string | null {
  return new URL(presignAzureBlob({ ...BASE, permissions }).url).searchParams.get('sp')
}

test('permissions are a list of names, an object of names, or letters in the order of the service', () => {
  assert.equal(lettersOf(['read']), 'r')
  assert.equal(lettersOf(['list', 'write', 'read']), 'rwl')
  assert.equal(lettersOf({ read: true, delete: false, create: true }), 'rc')
  assert.equal(lettersOf('racwd'), 'racwd')
  const { url } = presignAzureAccount({
    ...BASE,
    permissions: ['process', 'read'],
    resourceTypes: 'o',
  })
  assert.equal(new URL(url).searchParams.get('sp'), 'rp')
})

test('a word, letters in another order and an unknown name are TypeErrors that say what is expected', () => {
  for (const word of ['read', 'write', 'list', 'delete', 'wr', 'READ', 'r,w', '']) {
    assert.throws(() => lettersOf(word), {
      name: 'TypeError',
      message: /^permissions must be letters/,
    })
  }
  const names: readonly string[][] = [['reed'], ['r'], ['toString'], ['read', 'read'], []]
  for (const list of names) {
    assert.throws(() => lettersOf(list as AzurePermissionName[]), { name: 'TypeError' })
  }
  for (const other of [5, null, { read: 1 }, { red: true }]) {
    assert.throws(() => lettersOf(other as unknown as AzurePermissions), {
      name: 'TypeError',
      message: /^permissions/,
    })
  }
})
