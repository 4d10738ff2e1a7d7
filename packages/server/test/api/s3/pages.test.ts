import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { IssuedLink } from '../../../src/core/links/issue-link.ts'
import { issue, put, setFolder } from '../../support/core.ts'
import { withS3 } from './support.ts'

interface Page {
  readonly status: number
  readonly type: string | null
  readonly html: string
}

async function visit(url: string): Promise<Page> {
  const answer = await fetch(url, {
    headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
  })
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    html: await answer.text(),
  }
}

/** A page that a screen reader finds its way in, and that names what it is about, when, and what to do. */
function assertPage(page: Page, status: number, title: RegExp): void {
  assert.equal(page.status, status, page.html)
  assert.equal(page.type, 'text/html; charset=utf-8')
  assert.match(page.html, /^<!doctype html><html lang="en">/)
  assert.match(page.html, /<main>.*<\/main>/s)
  assert.equal(page.html.match(/<h1>/g)?.length, 1)
  assert.match(page.html, title)
  assert.match(page.html, /Sat, 14 Mar 2026 \d\d:\d\d:\d\d UTC/)
}

test('a link that has expired says until when it worked', async () => {
  await withS3(async ({ core }) => {
    await put(core, 'reports/March & April.pdf', 'x')
    const { url, expiresAt } = await issue(core, 'reports/March & April.pdf', { method: 'GET' })
    core.clock.advance(400_000)
    const page = await visit(url)
    assertPage(page, 403, /<h1>This link has expired<\/h1>/)
    assert.ok(page.html.includes(expiresAt.toUTCString().replace('GMT', 'UTC')))
    assert.match(page.html, /<bdi>March &amp; April\.pdf<\/bdi>/)
    assert.match(page.html, /Ask whoever sent it to you/)
  })
})

test('a link that was revoked, or whose file was deleted, says that it was ended', async () => {
  await withS3(async ({ core, presign }) => {
    await put(core, 'a.txt', 'x')
    const revoked = await issue(core, 'a.txt', { method: 'GET' })
    await core.catalog.grants.revoke(revoked.id, { nowMs: core.clock.now(), stub: null }, null)
    assertPage(await visit(revoked.url), 403, /<h1>This link was ended<\/h1>/)
    const orphan = await issue(core, 'a.txt', { method: 'GET' })
    await fetch(presign('DELETE', 'acme/a.txt'), { method: 'DELETE' })
    const page = await visit(orphan.url)
    assertPage(page, 403, /<h1>This link was ended<\/h1>/)
    assert.doesNotMatch(page.html, /damaged|moved/)
  })
})

test('a link for another network says so, and which one was used', async () => {
  await withS3(async ({ core }) => {
    await put(core, 'a.txt', 'x')
    const { url } = await issue(core, 'a.txt', { method: 'GET', ips: ['192.0.2.0/24'] })
    const page = await visit(url)
    assertPage(page, 403, /<h1>This link does not work from your network<\/h1>/)
    assert.match(page.html, /you come from 127\.0\.0\.1/)
    assert.ok(!page.html.includes('192.0.2'))
  })
})

test('a link that was used says that its downloads are gone', async () => {
  await withS3(async ({ core }) => {
    await put(core, 'a.txt', 'x')
    const { id, url } = await issue(core, 'a.txt', { method: 'GET', maxUses: 1 })
    await (await fetch(url)).text()
    while ((await core.catalog.grants.find(id))?.reading !== null) await setImmediate()
    assertPage(await visit(url), 410, /<h1>This link has been used<\/h1>/)
  })
})

test('an upload link opened in a browser says what it is for', async () => {
  await withS3(async ({ core, presign }) => {
    const { url } = await issue(core, 'in/photo.png', { method: 'PUT' })
    const typed = await issue(core, 'in/photo.png', { method: 'PUT', contentType: 'image/png' })
    for (const link of [url, typed.url, presign('PUT', 'acme/in/photo.png')]) {
      const page = await visit(link)
      assertPage(page, 403, /<h1>This link is for uploading<\/h1>/)
      assert.match(page.html, /photo\.png/)
    }
    assertPage(await visit(`${url.slice(0, -4)}0000`), 403, /<h1>This link is not complete<\/h1>/)
  })
})

test('a link of which a part is missing says that it is not complete', async () => {
  await withS3(async ({ core }) => {
    await put(core, 'a.txt', 'x')
    const { url } = await issue(core, 'a.txt', { method: 'GET' })
    for (const length of [url.length - 1, url.length - 70, url.indexOf('X-Amz-Date')]) {
      const page = await visit(url.slice(0, length))
      assert.ok(page.status === 403 || page.status === 400)
      assertPage(page, page.status, /<h1>This link is not complete<\/h1>/)
    }
  })
})

test('a public folder without a listing says that there is none, and not that nothing is there', async () => {
  await withS3(async ({ core, origin }) => {
    await put(core, 'public/a.txt', 'x')
    await setFolder(core, 'acme/public', { visibility: 'public' })
    assertPage(await visit(`${origin}/acme/public/`), 404, /<h1>This folder has no list<\/h1>/)
    assertPage(await visit(`${origin}/acme/public`), 403, /<h1>This folder has no list<\/h1>/)
    assertPage(
      await visit(`${origin}/acme/public/none.txt`),
      404,
      /<h1>There is no such file<\/h1>/,
    )
    await setFolder(core, 'acme', { visibility: 'public' })
    assertPage(await visit(`${origin}/acme/`), 403, /<h1>This folder has no list<\/h1>/)
    assertPage(await visit(`${origin}/acme`), 403, /<h1>This folder has no list<\/h1>/)
  })
})

test('a private place says that it is private, whether or not anything is there', async () => {
  await withS3(async ({ core, origin }) => {
    await put(core, 'a.txt', 'x')
    const there = await visit(`${origin}/acme/a.txt`)
    assertPage(there, 403, /<h1>This is private<\/h1>/)
    for (const path of ['acme/b.txt', 'none/a.txt', 'acme/folder/', 'acme/']) {
      assertPage(await visit(`${origin}/${path}`), 403, /<h1>This is private<\/h1>/)
    }
  })
})

test('a name on a page is text, and turns nothing outside itself', async () => {
  await withS3(async ({ origin }) => {
    const name = encodeURIComponent('<script>alert(1)<b>\u202Egnp.exe')
    const { html } = await visit(`${origin}/acme/${name}`)
    assert.ok(!html.includes('<script'))
    assert.match(html, /<bdi>&lt;script&gt;.*<\/bdi>/)
    const long = await visit(`${origin}/acme/${'n'.repeat(900)}`)
    assert.ok(long.html.length < 4000)
  })
})

/** Relative luminance as WCAG 2 has it. */
function luminance(hex: string): number {
  const digits = hex.length === 4 ? hex.replaceAll(/[0-9a-f]/g, '$&$&') : hex
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(digits.slice(at, at + 2), 16) / 255
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y)
  return (light + 0.05) / (dark + 0.05)
}

test('text has a contrast of 4.5 to 1 at least, in the light and in the dark', async () => {
  await withS3(async ({ origin }) => {
    const { html } = await visit(`${origin}/acme/a.txt`)
    const palettes = [...html.matchAll(/--back:(#\w+);--text:(#\w+);--dim:(#\w+);--link:(#\w+)/g)]
    assert.equal(palettes.length, 2)
    for (const [, back = '', ...inks] of palettes) {
      for (const ink of inks) assert.ok(contrast(back, ink) >= 4.5, `${ink} on ${back}`)
    }
  })
})

test('the top leads a person somewhere, and an S3 client to its buckets', async () => {
  await withS3(async ({ origin, presign }) => {
    const page = await visit(`${origin}/`)
    assert.equal(page.status, 200)
    assert.match(page.html, /<main>.*<a href="\/-\/docs">/s)
    assert.match(await (await fetch(presign('GET', ''))).text(), /<ListAllMyBucketsResult/)
  })
})

test('browsers find an icon, and robots find that nothing is for them', async () => {
  await withS3(async ({ core, origin, presign }) => {
    const icon = await fetch(`${origin}/favicon.ico`)
    assert.equal(icon.status, 200)
    assert.equal(icon.headers.get('content-type'), 'image/x-icon')
    const bytes = Buffer.from(await icon.arrayBuffer())
    assert.equal(bytes.readUInt16LE(2), 1)
    assert.equal(bytes.readUInt32LE(14) + bytes.readUInt32LE(18), bytes.length)
    const robots = await fetch(`${origin}/robots.txt`)
    assert.equal(await robots.text(), 'User-agent: *\nDisallow: /\n')
    assert.equal((await fetch(`${origin}/robots.txt`, { method: 'HEAD' })).status, 200)
    // Both are names that a bucket may have: whoever signs means the bucket.
    await core.catalog.buckets.create(
      {
        name: 'robots.txt',
        createdAt: 0,
        versioning: 'off',
        settings: {},
      },
      null,
    )
    assert.match(await (await fetch(presign('GET', 'robots.txt'))).text(), /<ListBucketResult/)
    assert.equal((await fetch(`${origin}/favicon.ico`, { method: 'DELETE' })).status, 403)
  })
})

async function send(
  { url, fields }: Pick<IssuedLink, 'url' | 'fields'>,
  text: string,
  accept = 'text/html,*/*;q=0.8',
): Promise<Page & { readonly location: string | null }> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields ?? {})) form.append(name, value)
  form.append('file', new Blob([text]), 'a.txt')
  const answer = await fetch(url, {
    method: 'POST',
    body: form,
    headers: { accept },
    redirect: 'manual',
  })
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    html: await answer.text(),
    location: answer.headers.get('location'),
  }
}

test('a browser that sends the form of a link gets a page of what came of it, a program what S3 answers', async () => {
  await withS3(async ({ core }) => {
    const once = await issue(core, 'in.txt', { method: 'POST', terms: { maxBytes: 5 } })
    const large = await send(once, 'too large')
    assertPage(large, 400, /<h1>The file was not stored<\/h1>/)
    assert.match(large.html, /at most 5 bytes/)
    const stored = await send(once, 'hello')
    assertPage(stored, 200, /<h1>The file was stored<\/h1>/)
    assert.match(stored.html, /<bdi>in\.txt<\/bdi>/)
    assertPage(await send(once, 'again'), 410, /<h1>The file was not stored<\/h1>/)
    const program = await issue(core, 'other.txt', { method: 'POST' })
    assert.equal((await send(program, 'hello', '*/*')).status, 204)
    assert.match((await send(program, 'hello', '*/*')).html, /<Code>AccessDenied<\/Code>/)
  })
})

test('a form leads to the page that its link was issued with, and nobody else chooses it', async () => {
  await withS3(async ({ core }) => {
    const successRedirect = 'https://app.example.com/done?of=1'
    const led = await issue(core, 'led.txt', { method: 'POST', successRedirect })
    const elsewhere = { ...led.fields, success_action_redirect: 'https://evil.example' }
    assert.equal((await send({ ...led, fields: elsewhere }, 'x')).status, 403)
    const answer = await send(led, 'hello')
    assert.equal(answer.status, 303)
    assert.match(
      String(answer.location),
      /^https:\/\/app\.example\.com\/done\?of=1&bucket=acme&key=led\.txt&etag=/,
    )
    const document = await issue(core, 'doc.txt', { method: 'POST', successStatus: 201 })
    assert.equal((await send(document, 'hello')).status, 201)
    for (const page of [
      'javascript:alert(1)',
      'http://evil.example',
      'https://u:p@evil.example',
      '/done',
    ]) {
      await assert.rejects(issue(core, 'x', { method: 'POST', successRedirect: page }), {
        message: /^successRedirect/,
      })
    }
  })
})
