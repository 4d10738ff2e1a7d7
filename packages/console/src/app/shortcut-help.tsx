import type { ReactNode } from 'react'
import { Modal } from '../ui/modal.tsx'
import { Table } from '../ui/table.tsx'
import { SCREENS } from './screens.ts'

const SHORTCUTS = [
  ['⌘K or Ctrl K', 'Find everything, and what there is to do'],
  ['/', 'Search in the list'],
  ['j, k or the arrows', 'Next and previous in a list'],
  ['Enter', 'Open'],
  ['x', 'Select; with Shift all from the one before'],
  ['Shift and the arrows', 'Select one after the other'],
  ['Escape', 'Select none'],
  ['n', 'New link'],
  ['c', 'Copy the path or the id'],
  ['r', 'Revoke'],
  ['Delete', 'Delete the file or folder'],
  ['→ and ←', 'Into a folder of the tree, and out'],
  ['?', 'This list'],
] as const

export function ShortcutHelp({ onClose }: { readonly onClose: () => void }): ReactNode {
  const screens = SCREENS.map(({ key, title }) => [`g ${key}`, title] as const)
  return (
    <Modal title="Keyboard shortcuts" onClose={onClose}>
      <Table label="Keyboard shortcuts" heads={['Key', 'What it does']}>
        {[...SHORTCUTS, ...screens].map(([key, what]) => (
          <tr key={key}>
            <td>
              <kbd>{key}</kbd>
            </td>
            <td>{what}</td>
          </tr>
        ))}
      </Table>
    </Modal>
  )
}
