/** Everything there is to go to, by a few letters: screens, folders by their path, links by their id. */
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { Form, TextField } from '../ui/field.tsx'
import { Modal } from '../ui/modal.tsx'
import classes from './command-list.module.css'
import { SCREENS } from './screens.ts'

interface Command {
  readonly title: string
  readonly run: () => void
}

export function CommandList({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [text, setText] = useState('')
  const navigate = useNavigate()
  const commands = findCommands(text, navigate)
  const run = (command: Command | undefined): void => {
    if (command === undefined) return
    command.run()
    onClose()
  }
  return (
    <Modal title="Go to" onClose={onClose}>
      <Form onSubmit={() => run(commands[0])}>
        <TextField
          label="A screen, a folder, or the id of a link"
          autoFocus
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </Form>
      <ul className={classes['list']}>
        {commands.map((command) => (
          <li key={command.title}>
            <button type="button" onClick={() => run(command)}>
              {command.title}
            </button>
          </li>
        ))}
      </ul>
    </Modal>
  )
}

function findCommands(typed: string, navigate: ReturnType<typeof useNavigate>): Command[] {
  const text = typed.trim()
  const screens = SCREENS.filter(({ title }) => title.toLowerCase().includes(text.toLowerCase()))
  const found: Command[] = screens.map(({ title, path }) => ({
    title,
    run: () => void navigate({ to: path }),
  }))
  if (/^link_\w+$/.test(text)) {
    found.unshift({
      title: `Link ${text}`,
      run: () => void navigate({ to: '/links/$id', params: { id: text } }),
    })
  } else if (text !== '') {
    const folder = text.replace(/\/+$/, '')
    found.push({
      title: `Folder ${folder}`,
      run: () => void navigate({ to: '/files', search: { folder } }),
    })
  }
  return found
}
