/** Lives that the policy of the folder lets be, and why there are no longer ones. */
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useApi } from '../app/session.tsx'
import { SelectField } from '../ui/field.tsx'
import { formatSeconds } from '../ui/format.ts'
import { numberOfLine } from './policy-lines.ts'

const LIVES = [300, 3600, 86_400, 604_800]

export interface LifeFieldProps {
  readonly path: string
  readonly isDownload: boolean
  readonly value: string
  readonly onChange: (event: { target: { value: string } }) => void
}

export function LifeField({ path, isDownload, value, onChange }: LifeFieldProps): ReactNode {
  const api = useApi()
  const folder = path.slice(0, Math.max(path.lastIndexOf('/'), 0))
  const policy = useQuery({
    queryKey: ['policy', folder],
    queryFn: ({ signal }) =>
      folder === ''
        ? api.policy.get({}, { signal })
        : api.folders.getPolicy({ path: folder }, { signal }),
    retry: false,
  })
  const line = isDownload ? 'maxDownloadSeconds' : 'maxUploadSeconds'
  const longest = numberOfLine(policy.data, line) ?? Infinity
  const lives = LIVES.filter((life) => life <= longest)
  const choices = lives.length === 0 ? [longest] : lives
  return (
    <SelectField
      label="For how long"
      choices={choices.map((life) => ({ value: String(life), label: formatSeconds(life) }))}
      value={value}
      onChange={onChange}
      hint={
        longest < Math.max(...LIVES)
          ? `The policy allows ${formatSeconds(longest)} at most.`
          : undefined
      }
    />
  )
}
