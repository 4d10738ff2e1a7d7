import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reachOf } from '../../src/core/reach.ts'

test('who can follow a link, by the name in it', () => {
  const reaches = {
    machine: [
      'http://localhost:8787',
      'http://127.0.0.1',
      'http://127.9.9.9',
      'http://[::1]:1',
      'http://a.localhost',
    ],
    network: [
      'http://10.0.0.5',
      'http://192.168.1.2',
      'http://[fd00::1]',
      'http://nas',
      'http://nas.local',
      'http://169.254.1.1',
    ],
    anybody: ['https://files.example.com', 'http://8.8.8.8', 'https://[2606:4700::1111]'],
  } as const
  for (const [reach, urls] of Object.entries(reaches)) {
    for (const url of urls) assert.equal(reachOf(url), reach, url)
  }
})
