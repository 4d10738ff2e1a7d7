import type { Link } from '@hallpass/client'
import { Link as Anchor } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { plainText } from '../../ui/plain-text.ts'
import { Time } from '../../ui/time.tsx'
import { LinkStatus, describeUses } from './link-status.tsx'

export interface LinkRowProps {
  readonly link: Link
  readonly isCurrent: boolean
  readonly isSelected: boolean
  readonly onSelect: () => void
  readonly onRevoke: () => void
}

export function LinkRow(props: LinkRowProps): ReactNode {
  const { link, isCurrent, isSelected, onSelect, onRevoke } = props
  const path = plainText(link.path)
  return (
    <tr aria-current={isCurrent}>
      <td>
        <input
          type="checkbox"
          aria-label={`Select the link for ${path}`}
          checked={isSelected}
          onChange={onSelect}
        />
      </td>
      <td>
        <Anchor to="/links/$id" params={{ id: link.id }}>
          {path}
        </Anchor>{' '}
        {plainText(link.label ?? '')} {link.method === 'GET' ? '' : `(${link.method})`}
      </td>
      <td>
        <LinkStatus link={link} />
      </td>
      <td>
        <Time at={link.expiresAt} />
      </td>
      <td>{describeUses(link)}</td>
      <td>
        <Time at={link.lastUsedAt} />
        {link.lastUsedIp === null ? '' : ` from ${link.lastUsedIp}`}
      </td>
      <td>
        {link.status === 'active' && (
          <Button onClick={onRevoke} aria-label={`Revoke the link for ${path}`}>
            Revoke
          </Button>
        )}
      </td>
    </tr>
  )
}
