/** Which upload a file is of, across reloads of the page: in IndexedDB, by what tells one file from another. */

export interface Remembered {
  find(fingerprint: string): Promise<string | null>
  keep(fingerprint: string, id: string): Promise<void>
  forget(fingerprint: string): Promise<void>
}

const DATABASE = 'hallpass'
const STORE = 'uploads'

/** A browser may have none, or let nobody in: then nothing is remembered, and uploads work all the same. */
export const remembered: Remembered = {
  async find(fingerprint) {
    const id = await within('readonly', (store) => store.get(fingerprint))
    return typeof id === 'string' ? id : null
  },
  async keep(fingerprint, id) {
    await within('readwrite', (store) => store.put(id, fingerprint))
  },
  async forget(fingerprint) {
    await within('readwrite', (store) => store.delete(fingerprint))
  },
}

async function within(
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  try {
    const opening = indexedDB.open(DATABASE, 1)
    opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore(STORE))
    const database = (await settled(opening)) as IDBDatabase
    try {
      return await settled(ask(database.transaction(STORE, mode).objectStore(STORE)))
    } finally {
      database.close()
    }
  } catch {
    return null
  }
}

function settled(request: IDBRequest): Promise<unknown> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB failed')))
  })
}
