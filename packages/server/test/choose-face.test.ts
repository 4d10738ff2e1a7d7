import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseFace } from '../src/choose-face.ts'

const ALL = { serves: 'all', bucket: null } as const
const REST = { serves: 'rest', bucket: null } as const
const OBJECTS = { serves: 'objects', bucket: null } as const

test('a first segment too short to be a bucket is ours, everything else is the object plane', () => {
  for (const target of ['/v1/files', '/-/docs', '/v1', '/v1?x', '/-?', '/sx']) {
    assert.equal(chooseFace(target, ALL).face, 'rest', target)
  }
  for (const target of ['/s/abc', '/s', '/s?x', '/s/']) {
    assert.equal(chooseFace(target, ALL).face, 'share', target)
  }
  for (const target of ['/', '/abc', '/abc/v1', '//v1', '/./v1', '/../v1', '*', '', '/?x']) {
    assert.equal(chooseFace(target, ALL).face, 'objects', target)
  }
})

test('what an S3 client signed for a name that is too short is refused in its own words', () => {
  for (const target of ['/ab', '/a/key', '/ab?list-type=2', '/v2']) {
    assert.equal(chooseFace(target, ALL).face, 'rest', target)
    assert.equal(chooseFace(target, ALL, true).face, 'objects', target)
  }
  for (const target of ['/v1/files', '/v1', '/v1?x', '/-/docs']) {
    assert.equal(chooseFace(target, ALL, true).face, 'rest', target)
  }
  assert.equal(chooseFace('/s/abc', ALL, true).face, 'share')
})

test('under a host that names a bucket every path is a key', () => {
  const role = { serves: 'objects', bucket: 'acme' } as const
  for (const target of ['/v1/files', '/-/healthz', '/', '/a']) {
    assert.deepEqual(chooseFace(target, role), {
      face: 'objects',
      bucketOfHost: 'acme',
      isServed: true,
    })
  }
})

test('each of two hosts serves its own face only', () => {
  assert.equal(chooseFace('/v1/files', REST).isServed, true)
  assert.equal(chooseFace('/acme/a', REST).isServed, false)
  assert.equal(chooseFace('/?list', REST).isServed, false)
  assert.equal(chooseFace('/', REST).face, 'start')
  assert.equal(chooseFace('/v1/files', OBJECTS).isServed, false)
  assert.equal(chooseFace('/-/docs', OBJECTS).isServed, false)
  assert.equal(chooseFace('/acme/a', OBJECTS).isServed, true)
  assert.equal(chooseFace('/', OBJECTS).face, 'objects')
})

test('a foreign host is served nothing but the two pages that load balancers ask for', () => {
  for (const target of ['/-/healthz', '/-/readyz']) {
    assert.equal(chooseFace(target, null).isServed, true, target)
    assert.equal(chooseFace(target, OBJECTS).isServed, true, target)
  }
  for (const target of [
    '/',
    '/-/docs',
    '/-/healthz/',
    '/-/healthz?',
    '/-/metrics',
    '/v1/openapi.json',
    '/acme/a',
  ]) {
    assert.equal(chooseFace(target, null).isServed, false, target)
  }
})
