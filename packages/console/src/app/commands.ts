/** Everything there is to go to, or to do, by a few letters. */
import type { AccessKey, ApiKey, FilePage, Link } from '@hallpass/client'
import type { Errand } from './errands.tsx'
import { SCREENS } from './screens.ts'
import type { Screen } from './screens.ts'

/** Where a command leads. */
export type Goal =
  | { readonly to: 'screen'; readonly path: Screen['path']; readonly errand?: Errand }
  | { readonly to: 'folder'; readonly folder: string; readonly startsWith?: string }
  | { readonly to: 'link'; readonly id: string }
  | { readonly to: 'help' }
  | { readonly to: 'out' }

export interface Command {
  readonly title: string
  readonly kind: 'Screen' | 'Action' | 'Folder' | 'File' | 'Link' | 'Key'
  readonly goal: Goal
}

/** What the server was asked for, as far as it has answered. */
export interface Known {
  /** Folders and files whose names begin with what was typed. */
  readonly place: Pick<FilePage, 'files' | 'folders'>
  readonly links: readonly Link[]
  readonly keys: readonly (ApiKey | AccessKey)[]
}

/** Of one kind no more are shown: who looks for others types on. */
const MOST_OF_A_KIND = 6

const ACTIONS: readonly Command[] = [
  action('New link', '/links', 'new-link'),
  action('New bucket', '/files', 'new-bucket'),
  action('New key', '/keys', 'new-key'),
  action('Revoke all links of a folder, or before now', '/links', 'sweep'),
  { title: 'Keyboard shortcuts', kind: 'Action', goal: { to: 'help' } },
  { title: 'Sign out', kind: 'Action', goal: { to: 'out' } },
]

export function findCommands(typed: string, here: string, known: Known): Command[] {
  const text = typed.trim()
  const has = matcher(text)
  const actions = here === '' ? ACTIONS : [shareHere(here), ...ACTIONS]
  return [
    ...idOf(text),
    ...SCREENS.map(screen).filter(({ title }) => has(title)),
    ...(text === '' ? [] : placesOf(text, known)),
    ...actions.filter(({ title }) => has(title)),
    ...(text === '' ? [] : recordsOf(known, has)),
  ]
}

function matcher(text: string): (...texts: readonly (string | null)[]) => boolean {
  const wanted = text.toLowerCase()
  return (...texts) => texts.some((one) => one?.toLowerCase().includes(wanted) === true)
}

function idOf(text: string): Command[] {
  if (!/^link_\w+$/.test(text)) return []
  return [{ title: text, kind: 'Link', goal: { to: 'link', id: text } }]
}

function placesOf(text: string, { place }: Known): Command[] {
  const typed = text.replace(/\/+$/, '')
  const folders = [typed, ...place.folders.map((path) => path.replace(/\/$/, ''))]
  return [
    ...[...new Set(folders)].slice(0, MOST_OF_A_KIND).map((folder): Command => ({
      title: folder,
      kind: 'Folder',
      goal: { to: 'folder', folder },
    })),
    ...place.files.slice(0, MOST_OF_A_KIND).map(({ path, name }): Command => {
      const folder = path.slice(0, path.length - name.length - 1)
      return { title: path, kind: 'File', goal: { to: 'folder', folder, startsWith: name } }
    }),
  ]
}

function recordsOf({ links, keys }: Known, has: ReturnType<typeof matcher>): Command[] {
  return [
    ...links
      .filter(({ id, label, path }) => has(id, label, path))
      .slice(0, MOST_OF_A_KIND)
      .map(({ id, label, path }): Command => {
        const title = [label, path, id].filter((part) => part !== null).join(' · ')
        return { title, kind: 'Link', goal: { to: 'link', id } }
      }),
    ...keys
      .filter(({ id, name }) => has(id, name))
      .slice(0, MOST_OF_A_KIND)
      .map(({ id, name }): Command => {
        return { title: `${name} · ${id}`, kind: 'Key', goal: { to: 'screen', path: '/keys' } }
      }),
  ]
}

function screen({ title, path }: Screen): Command {
  return { title, kind: 'Screen', goal: { to: 'screen', path } }
}

// oxlint-disable-next-line max-params -- a row of the table above
function action(title: string, path: Screen['path'], errand: Errand): Command {
  return { title, kind: 'Action', goal: { to: 'screen', path, errand } }
}

function shareHere(folder: string): Command {
  const goal = { to: 'screen', path: '/files', errand: 'share-folder' } as const
  return { title: `Share ${folder}/`, kind: 'Action', goal }
}
