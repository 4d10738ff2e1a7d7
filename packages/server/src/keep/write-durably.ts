/** Small files beside a service and a backup, which are whole and durable as soon as they are there. */
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncDirectory } from '../config/private-files.ts'

/** Under another name first. */
export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  async function* body(): AsyncGenerator<string | Uint8Array> {
    yield await Promise.resolve(content)
  }
  await writeBodyDurably(path, body())
}

export async function writeBodyDurably(
  path: string,
  body: AsyncIterable<string | Uint8Array>,
): Promise<void> {
  const draft = `${path}.part`
  await rm(draft, { force: true })
  const file = await open(draft, 'wx', 0o600)
  try {
    for await (const piece of body) await file.writeFile(piece)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
  syncDirectory(dirname(path))
}
