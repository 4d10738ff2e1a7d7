/** Files on their way to the server, each with how far it is. A few at a time; the others wait. */
import type { Hallpass } from '@hallpass/client'
import { upload } from '@hallpass/client/upload'
import type { FileUpload, UploadEndpoint } from '@hallpass/client/upload'

export interface NamedFile {
  /** Relative to the folder. */
  readonly name: string
  readonly file: File
}

export interface QueuedUpload {
  readonly id: number
  readonly path: string
  readonly sent: number
  readonly total: number
  readonly state: 'waiting' | 'running' | 'paused' | 'done' | 'held' | 'failed'
  /** Why it failed, or is no file yet. */
  readonly reason: string | null
}

export interface UploadQueue {
  readonly subscribe: (listener: () => void) => () => void
  /** The same array until something changes. */
  readonly all: () => readonly QueuedUpload[]
  readonly add: (folder: string, files: readonly NamedFile[]) => void
  readonly pause: (id: number) => void
  readonly resume: (id: number) => void
  readonly retry: (id: number) => void
  /** Gives it up, with what has been sent. */
  readonly cancel: (id: number) => void
  /** Forgets what is over. */
  readonly clear: () => void
  /** Stops everything where it is, for good. The same files, added again, go on from there. */
  readonly stop: () => void
}

const AT_ONCE = 3
/** So often a screen shows the progress of any number of files. */
const SHOWN_EVERY_MS = 100

interface Item {
  upload: QueuedUpload
  readonly file: File
  running: FileUpload | null
}

/** `onSettled`: something arrived, and nothing else is on its way. */
export function createUploadQueue(api: Hallpass, onSettled: () => void): UploadQueue {
  const { items, change, show, ...shown } = createShelf()
  let count = 0
  let isStopped = false

  function start(item: Item): void {
    const { path } = item.upload
    const running = upload(item.file, { endpoint: endpointFor(api, path), route: path })
    item.running = running
    change(item, { state: 'running', reason: null })
    follow(running, (what) => change(item, what))
    running.done
      .then(
        ({ heldId }) => change(item, { ...arrived(heldId), sent: item.file.size }),
        (error: unknown) => change(item, { state: 'failed', reason: reasonOf(error) }),
      )
      .finally(() => {
        pump()
        if (![...items.values()].some(isActive)) onSettled()
      })
  }
  function pump(): void {
    if (isStopped) return
    let room = AT_ONCE - [...items.values()].filter(isActive).length
    for (const item of items.values()) {
      if (room <= 0) break
      if (item.upload.state !== 'waiting') continue
      start(item)
      room -= 1
    }
  }
  const withItem = actOn(items)
  return {
    ...shown,
    add(folder, files) {
      for (const file of files) {
        count += 1
        items.set(count, newItem(count, folder, file))
      }
      show()
      pump()
    },
    pause: withItem(({ running }) => running?.pause()),
    resume: withItem(({ running }) => running?.resume()),
    retry: withItem((item) => {
      if (item.upload.state !== 'failed') return
      change(item, { state: 'waiting', reason: null })
      pump()
    }),
    stop() {
      isStopped = true
      for (const { running } of items.values()) running?.pause()
    },
    cancel: withItem((item) => {
      items.delete(item.upload.id)
      item.running?.abort()
      show()
    }),
  }
}

function actOn(
  items: ReadonlyMap<number, Item>,
): (act: (item: Item) => void) => (id: number) => void {
  return (act) => (id) => {
    const item = items.get(id)
    if (item !== undefined) act(item)
  }
}

function follow(running: FileUpload, change: (what: Partial<QueuedUpload>) => void): void {
  running.on('progress', ({ sent }) => change({ sent }))
  running.on('state', (state) => {
    if (state === 'running' || state === 'paused') change({ state })
  })
}

function newItem(id: number, folder: string, { name, file }: NamedFile): Item {
  const standing = { sent: 0, total: file.size, state: 'waiting', reason: null } as const
  return { file, running: null, upload: { id, path: `${folder}/${name}`, ...standing } }
}

function arrived(heldId: string | null): Pick<QueuedUpload, 'state' | 'reason'> {
  if (heldId === null) return { state: 'done', reason: null }
  return { state: 'held', reason: 'it waits until it was looked at' }
}

/** Nothing more comes of it by itself. */
export function isOver({ state }: QueuedUpload): boolean {
  return state === 'done' || state === 'held' || state === 'failed'
}

function isActive({ upload: { state } }: Item): boolean {
  return state === 'running' || state === 'paused'
}

interface Shelf extends Pick<UploadQueue, 'subscribe' | 'all' | 'clear'> {
  readonly items: Map<number, Item>
  readonly change: (item: Item, what: Partial<QueuedUpload>) => void
  readonly show: () => void
}

/** What there is, and who looks at it. */
function createShelf(): Shelf {
  const items = new Map<number, Item>()
  const listeners = new Set<() => void>()
  let shown: readonly QueuedUpload[] = []
  let timer: ReturnType<typeof setTimeout> | null = null
  const show = (): void => {
    timer ??= setTimeout(() => {
      timer = null
      shown = [...items.values()].map((item) => item.upload)
      for (const listener of listeners) listener()
    }, SHOWN_EVERY_MS)
  }
  return {
    items,
    show,
    change(item, what) {
      item.upload = { ...item.upload, ...what }
      show()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    all: () => shown,
    clear() {
      for (const [id, item] of items) if (isOver(item.upload)) items.delete(id)
      show()
    },
  }
}

/** What the server of an application would answer, asked of the API itself. */
function endpointFor(api: Hallpass, path: string): UploadEndpoint {
  return async (call, options) => {
    if (call.action === 'begin') {
      const { size, type } = call.file
      const contentType = type === '' ? {} : { contentType: type }
      // The console may talk to no store.
      const begun = await api.uploads.create(
        { path, size, overwrite: true, delivery: 'proxied', ...contentType },
        options,
      )
      return { ...begun, file: null }
    }
    const { id } = call
    if (call.action === 'sign') {
      return { ...(await api.uploads.sign({ id, parts: [...call.parts] }, options)), file: null }
    }
    if (call.action === 'abort') await api.uploads.abort({ id }, options)
    const found =
      call.action === 'complete'
        ? await api.uploads.complete({ id }, options)
        : await api.uploads.get({ id }, options)
    return { upload: found, requests: [], file: found.file, heldId: found.heldId }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
