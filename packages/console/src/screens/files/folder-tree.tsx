/** Buckets and folders beside the list, each asked for when it is opened; by the keyboard like any tree. */
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { KeyboardEvent, ReactNode } from 'react'
import { folderTrail } from './entries.ts'
import classes from './folder-tree.module.css'
import { useSubfolders } from './use-subfolders.ts'
import type { Subfolder } from './use-subfolders.ts'
import { plainText } from '../../ui/plain-text.ts'

interface Tree {
  /** The folder that is shown. */
  readonly shown: string
  readonly isOpen: (path: string) => boolean
  readonly setOpen: (path: string, isOpen: boolean) => void
  readonly show: (path: string) => void
}

/** What somebody opened or closed by hand; the way to the folder that is shown is open by itself. */
type Choices = ReadonlyMap<string, boolean>

export function FolderTree({ folder }: { readonly folder: string }): ReactNode {
  const [choices, setChoices] = useState<Choices>(new Map())
  const navigate = useNavigate()
  const onTheWay = new Set(folderTrail(folder).map(({ path }) => path))
  const tree: Tree = {
    shown: folder,
    isOpen: (path) => choices.get(path) ?? onTheWay.has(path),
    setOpen: (path, isOpen) => setChoices(new Map(choices).set(path, isOpen)),
    show: (path) => void navigate({ to: '/files', search: { folder: path } }),
  }
  return (
    <nav className={classes['frame']} aria-label="Folders">
      <ul role="tree" aria-label="Buckets and folders" className={classes['tree']}>
        <Branches tree={tree} folder="" level={1} />
      </ul>
    </nav>
  )
}

interface BranchesProps {
  readonly tree: Tree
  readonly folder: string
  readonly level: number
}

function Branches({ tree, folder, level }: BranchesProps): ReactNode {
  const { folders, error, more } = useSubfolders(folder, true)
  if (error !== null) return <Leaf level={level} text={error.message} />
  if (folders === null) return <Leaf level={level} text="…" />
  if (folders.length === 0 && more === null) return <Leaf level={level} text="No folders" />
  // Somewhere the tree must be entered, also where the shown folder is folded away: then at its bucket.
  const isEntry = (index: number, path: string): boolean =>
    tree.shown === path ||
    (level === 1 && (tree.shown === '' ? index === 0 : tree.shown.startsWith(`${path}/`)))
  return (
    <>
      {folders.map((one, index) => (
        <Branch
          key={one.path}
          tree={tree}
          folder={one}
          level={level}
          isEntry={isEntry(index, one.path)}
        />
      ))}
      {more !== null && <Leaf level={level} text="More …" onPress={more} />}
    </>
  )
}

interface BranchProps {
  readonly tree: Tree
  readonly folder: Subfolder
  readonly level: number
  readonly isEntry: boolean
}

function Branch({ tree, folder: { path, name }, level, isEntry }: BranchProps): ReactNode {
  const isOpen = tree.isOpen(path)
  const toggle = (open: boolean): boolean => {
    if (open === isOpen) return false
    tree.setOpen(path, open)
    return true
  }
  // One behind the other, as the list is read: what lies in a folder follows it, a level deeper.
  return (
    <>
      <li
        role="treeitem"
        title={plainText(name)}
        aria-level={level}
        aria-expanded={isOpen}
        aria-selected={tree.shown === path}
        tabIndex={isEntry ? 0 : -1}
        style={indentOf(level)}
        onKeyDown={(event) => onKey(event, { press: () => tree.show(path), toggle })}
      >
        <span className={classes['twist']} aria-hidden="true" onClick={() => toggle(!isOpen)}>
          {isOpen ? '▾' : '▸'}
        </span>
        <span className={classes['name']} onClick={() => tree.show(path)}>
          {plainText(name)}
        </span>
      </li>
      {isOpen && <Branches tree={tree} folder={path} level={level + 1} />}
    </>
  )
}

function indentOf(level: number): { readonly paddingInlineStart: string } {
  return { paddingInlineStart: `${level - 0.5}rem` }
}

interface LeafProps {
  readonly level: number
  readonly text: string
  readonly onPress?: () => void
}

/** No folder: what is said in place of some. */
function Leaf({ level, text, onPress }: LeafProps): ReactNode {
  return (
    <li
      role="treeitem"
      title={text}
      aria-level={level}
      aria-selected={false}
      tabIndex={-1}
      style={indentOf(level)}
      onClick={onPress}
      onKeyDown={(event) => onKey(event, { press: onPress, toggle: () => false })}
    >
      <span className={classes['aside']}>{text}</span>
    </li>
  )
}

interface Keyed {
  readonly press: (() => void) | undefined
  /** False if it is so already, or cannot be. */
  readonly toggle: (open: boolean) => boolean
}

function onKey(event: KeyboardEvent<HTMLElement>, { press, toggle }: Keyed): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const item = event.currentTarget
  const moves: Readonly<Record<string, () => void>> = {
    ArrowDown: () => step(item, 1),
    ArrowUp: () => step(item, -1),
    Home: () => focus(itemsAround(item).at(0)),
    End: () => focus(itemsAround(item).at(-1)),
    ArrowRight: () => toggle(true) || focus(childOf(item)),
    ArrowLeft: () => toggle(false) || focus(parentOf(item)),
    Enter: () => press?.(),
    ' ': () => press?.(),
  }
  const move = moves[event.key]
  if (move === undefined) return
  event.preventDefault()
  // The list beside it does nothing by the same key.
  event.stopPropagation()
  move()
}

/** Every item that can be seen: what is folded is not on the page. */
function itemsAround(item: HTMLElement): HTMLElement[] {
  return [
    ...(item.closest('[role="tree"]')?.querySelectorAll<HTMLElement>('[role="treeitem"]') ?? []),
  ]
}

function levelOf(item: HTMLElement): number {
  return Number(item.getAttribute('aria-level'))
}

function childOf(item: HTMLElement): HTMLElement | undefined {
  const items = itemsAround(item)
  const next = items[items.indexOf(item) + 1]
  return next !== undefined && levelOf(next) > levelOf(item) ? next : undefined
}

function parentOf(item: HTMLElement): HTMLElement | undefined {
  const items = itemsAround(item)
  return items.slice(0, items.indexOf(item)).findLast((one) => levelOf(one) < levelOf(item))
}

function step(item: HTMLElement, by: number): void {
  const items = itemsAround(item)
  focus(items[items.indexOf(item) + by])
}

function focus(item: HTMLElement | undefined): void {
  item?.focus()
}
