import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHosts, isLoopbackAddress } from '../../src/http/hosts.ts'
import type { HostOptions } from '../../src/http/hosts.ts'

const FILES = 'https://files.example.com'

function rolesOf(options: Partial<HostOptions>, hosts: readonly string[]): (string | null)[] {
  const find = createHosts({
    publicUrl: FILES,
    filesUrl: FILES,
    domain: null,
    listensOnLoopback: false,
    ...options,
  })
  return hosts.map((host) => {
    const role = find(host)
    return role === null ? null : role.bucket === null ? role.serves : `bucket ${role.bucket}`
  })
}

test('only the public host is served, in any case and with any port', () => {
  const own = ['files.example.com', 'FILES.example.com', 'files.example.com:8787']
  assert.deepEqual(rolesOf({}, own), ['all', 'all', 'all'])
  const foreign = [
    'evil.test',
    'example.com',
    'a.files.example.com',
    'notfiles.example.com',
    'files.example.com.',
    'files.example.com.evil.test',
    'files.example.com@evil.test',
    'files.example.com, evil.test',
    '',
    '127.0.0.1',
    'localhost',
    '192.168.0.9:8787',
  ]
  assert.deepEqual(
    rolesOf({}, foreign),
    foreign.map(() => null),
  )
  assert.equal(
    createHosts({ publicUrl: FILES, filesUrl: FILES, domain: null, listensOnLoopback: true })(null),
    null,
  )
})

test('the names of this machine count where it listens on loopback', () => {
  const names = [
    'localhost',
    'localhost:8787',
    '127.0.0.1:8787',
    '127.9.9.9',
    '[::1]:8787',
    'LOCALHOST',
  ]
  assert.deepEqual(
    rolesOf({ listensOnLoopback: true }, names),
    names.map(() => 'all'),
  )
  const near = [
    'localhost.evil.test',
    '127.1',
    '127.0.0.1.evil.test',
    '2130706433',
    '127.00.0.1',
    '::1',
    '[::ffff:127.0.0.1]',
  ]
  assert.deepEqual(
    rolesOf({ listensOnLoopback: true }, near),
    near.map(() => null),
  )
  for (const address of ['127.0.0.1', '127.0.0.5', '::1', '::', '0.0.0.0', '::ffff:127.0.0.1']) {
    assert.equal(isLoopbackAddress(address), true, address)
  }
  for (const address of ['192.168.0.1', '2001:db8::1', '', '128.0.0.1']) {
    assert.equal(isLoopbackAddress(address), false, address)
  }
})

test('a name below the domain is a bucket, and the domain itself serves as the files do', () => {
  const domain = 'content.example.com'
  const hosts = ['acme.content.example.com:443', 'content.example.com', 'xcontent.example.com']
  assert.deepEqual(rolesOf({ domain }, hosts), ['bucket acme', 'all', null])
  const split = { domain, filesUrl: 'https://content.example.com' }
  assert.deepEqual(rolesOf(split, hosts), ['bucket acme', 'objects', null])
})

test('with two hosts each serves its own face only, and loopback stands for the public one', () => {
  const split = { filesUrl: 'https://content.example.net:8443', listensOnLoopback: true }
  const hosts = ['files.example.com', 'content.example.net', 'localhost', 'other.example.net']
  assert.deepEqual(rolesOf(split, hosts), ['rest', 'objects', 'rest', null])
  const local = {
    publicUrl: 'http://localhost:8787',
    filesUrl: 'http://127.0.0.1:8787',
    listensOnLoopback: true,
  }
  assert.deepEqual(rolesOf(local, ['localhost:8787', '127.0.0.1:8787']), ['rest', 'objects'])
})
