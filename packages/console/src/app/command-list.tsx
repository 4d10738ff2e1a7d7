/** Everything there is to go to or to do, in one list under one field. */
import { useNavigate, useRouterState } from '@tanstack/react-router'
import { useEffect, useId, useState } from 'react'
import type { KeyboardEvent, ReactNode } from 'react'
import { Form, TextField } from '../ui/field.tsx'
import { Modal } from '../ui/modal.tsx'
import { plainText } from '../ui/plain-text.ts'
import classes from './command-list.module.css'
import { findCommands } from './commands.ts'
import type { Command, Goal } from './commands.ts'
import { useSendErrand } from './errands.tsx'
import { useSession } from './session.tsx'
import { useKnown } from './use-known.ts'

export interface CommandListProps {
  readonly onHelp: () => void
  readonly onClose: () => void
}

export function CommandList({ onHelp, onClose }: CommandListProps): ReactNode {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const id = useId()
  const here = useFolder()
  const go = useGo(onHelp)
  const commands = findCommands(text, here, useKnown(text, here))
  const current = Math.min(at, Math.max(commands.length - 1, 0))
  const run = (command: Command | undefined): void => {
    if (command === undefined) return
    onClose()
    go(command.goal)
  }
  const onKey = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (by === undefined || commands.length === 0) return
    event.preventDefault()
    setAt((current + by + commands.length) % commands.length)
  }
  return (
    <Modal title="Go to, or do" onClose={onClose}>
      <Form onSubmit={() => run(commands[current])}>
        <TextField
          label="A screen, a folder, a file, a link, a key, or what to do"
          autoFocus
          role="combobox"
          aria-expanded={true}
          aria-controls={id}
          aria-activedescendant={commands.length === 0 ? undefined : `${id}-${current}`}
          value={text}
          onKeyDown={onKey}
          onChange={(event) => {
            setText(event.target.value)
            setAt(0)
          }}
        />
      </Form>
      <Options id={id} commands={commands} current={current} onRun={run} />
    </Modal>
  )
}

interface OptionsProps {
  readonly id: string
  readonly commands: readonly Command[]
  readonly current: number
  readonly onRun: (command: Command) => void
}

function Options({ id, commands, current, onRun }: OptionsProps): ReactNode {
  useEffect(() => {
    document.getElementById(`${id}-${current}`)?.scrollIntoView({ block: 'nearest' })
  }, [id, current])
  return (
    <ul id={id} role="listbox" aria-label="What there is" className={classes['list']}>
      {commands.map((command, index) => (
        <li
          key={`${command.kind} ${command.title}`}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === current}
          onClick={() => onRun(command)}
        >
          <span className={classes['title']}>{plainText(command.title)}</span>
          <span className={classes['kind']}>{command.kind}</span>
        </li>
      ))}
    </ul>
  )
}

/** That is shown; `''` elsewhere. */
function useFolder(): string {
  return useRouterState({
    select: ({ location: { pathname, search } }) =>
      pathname.endsWith('/files') && 'folder' in search ? (search.folder ?? '') : '',
  })
}

function useGo(onHelp: () => void): (goal: Goal) => void {
  const navigate = useNavigate()
  const send = useSendErrand()
  const { signOut } = useSession()
  const here = useFolder()
  return (goal) => {
    switch (goal.to) {
      case 'help':
        return onHelp()
      case 'out':
        return signOut()
      case 'link':
        return void navigate({ to: '/links/$id', params: { id: goal.id } })
      case 'folder': {
        const { folder, startsWith } = goal
        const search = { folder, ...(startsWith !== undefined && { startsWith }) }
        return void navigate({ to: '/files', search })
      }
      case 'screen': {
        if (goal.errand !== undefined) send(goal.errand)
        const isHere = goal.errand === 'share-folder'
        return void navigate({ to: goal.path, search: isHere ? { folder: here } : {} })
      }
    }
  }
}
