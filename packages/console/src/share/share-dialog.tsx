/** One dialog from a file to a link: how long, how often, from where; then the link, to copy or to photograph. */
import type { IssuedLink, LinkRequest } from '@hallpass/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useApi } from '../app/session.tsx'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Form, Row, SelectField, TextField } from '../ui/field.tsx'
import { formatSeconds } from '../ui/format.ts'
import { Modal } from '../ui/modal.tsx'
import { Actions } from '../ui/page.tsx'
import { Qr } from '../ui/qr.tsx'
import { Failed } from '../ui/states.tsx'
import { Time } from '../ui/time.tsx'
import { numberOfLine } from './policy-lines.ts'

export interface ShareDialogProps {
  /** Of the file; of a folder with a slash at its end, or empty, where the file is still to be named. */
  readonly path: string
  readonly onClose: () => void
}

const LIVES = [300, 3600, 86_400, 604_800]
/** Longer lives want a reason of the person who makes the link. */
const REASON_OVER_SECONDS = 86_400

export function ShareDialog({ path, onClose }: ShareDialogProps): ReactNode {
  const [issued, setIssued] = useState<IssuedLink | null>(null)
  return (
    <Modal title={issued === null ? 'Share a file' : 'The link'} onClose={onClose}>
      {issued === null ? (
        <Terms path={path} onIssued={setIssued} onClose={onClose} />
      ) : (
        <Issued link={issued} onClose={onClose} />
      )}
    </Modal>
  )
}

interface TermsProps {
  readonly path: string
  readonly onIssued: (link: IssuedLink) => void
  readonly onClose: () => void
}

function Terms({ path, onIssued, onClose }: TermsProps): ReactNode {
  const api = useApi()
  const queries = useQueryClient()
  const [terms, setTerms] = useState({
    path,
    method: 'GET',
    life: '3600',
    uses: '',
    ip: '',
    label: '',
    reason: '',
  })
  const set = (name: keyof typeof terms) => (event: { target: { value: string } }) =>
    setTerms({ ...terms, [name]: event.target.value })
  const issue = useMutation({
    mutationFn: () => api.links.create(requestOf(terms)),
    onSuccess: async (link) => {
      onIssued(link)
      await queries.invalidateQueries({ queryKey: ['links'] })
    },
  })
  const isDownload = terms.method === 'GET'
  return (
    <Form onSubmit={() => issue.mutate()}>
      <TextField
        label="File"
        required
        placeholder="acme/report.pdf"
        value={terms.path}
        onChange={set('path')}
      />
      <Row>
        <SelectField
          label="Whoever has the link may"
          choices={[
            { value: 'GET', label: 'download it' },
            { value: 'PUT', label: 'upload it' },
          ]}
          value={terms.method}
          onChange={set('method')}
        />
        <LifeField
          path={terms.path}
          isDownload={isDownload}
          value={terms.life}
          onChange={set('life')}
        />
        <TextField
          label="How often"
          type="number"
          min={1}
          placeholder={isDownload ? 'any number' : 'once'}
          value={terms.uses}
          onChange={set('uses')}
        />
      </Row>
      <TextField
        label="Only from these addresses"
        placeholder="anywhere; 192.0.2.7, 198.51.100.0/24"
        value={terms.ip}
        onChange={set('ip')}
      />
      <TextField
        label="Label"
        hint="For you: it stands in the list of links."
        maxLength={200}
        value={terms.label}
        onChange={set('label')}
      />
      {Number(terms.life) > REASON_OVER_SECONDS && (
        <TextField
          label="Reason for so long a life"
          required
          value={terms.reason}
          onChange={set('reason')}
        />
      )}
      {issue.error !== null && <Failed error={issue.error} />}
      <Actions>
        <Button kind="primary" type="submit" disabled={issue.isPending}>
          Make the link
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </Actions>
    </Form>
  )
}

interface LifeFieldProps {
  readonly path: string
  readonly isDownload: boolean
  readonly value: string
  readonly onChange: (event: { target: { value: string } }) => void
}

/** Lives that the policy of the folder lets be, and why there are no longer ones. */
function LifeField({ path, isDownload, value, onChange }: LifeFieldProps): ReactNode {
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

function requestOf(terms: Readonly<Record<string, string>>): LinkRequest {
  const { path = '', method, life, uses = '', ip = '', label = '', reason = '' } = terms
  const networks = ip.split(/[\s,]+/).filter((one) => one !== '')
  return {
    path: path.trim(),
    method: method === 'PUT' ? 'PUT' : 'GET',
    expiresIn: Number(life),
    ...(uses !== '' && { maxUses: Number(uses) }),
    ...(networks.length > 0 && { ip: networks }),
    ...(label.trim() !== '' && { label: label.trim() }),
    ...(reason.trim() !== '' && { reason: reason.trim() }),
  }
}

function Issued({
  link,
  onClose,
}: {
  readonly link: IssuedLink
  readonly onClose: () => void
}): ReactNode {
  const isUpload = link.method === 'PUT'
  const command = `curl -T FILE '${link.url}'`
  return (
    <>
      <p>
        It works until <Time at={link.expiresAt} /> and is shown this once: the server keeps no
        link.
        {isReachable(link.url)
          ? ''
          : ' It leads to this machine alone: set HALLPASS_PUBLIC_URL before you give it to others.'}
      </p>
      <TextField
        label="Link"
        readOnly
        value={link.url}
        onFocus={(event) => event.target.select()}
      />
      <Qr text={link.url} />
      <Actions>
        <CopyButton kind="primary" text={link.url} label="Copy the link" />
        {isUpload && <CopyButton text={command} label="Copy the curl command" />}
        <Button onClick={onClose}>Done</Button>
      </Actions>
    </>
  )
}

function isReachable(url: string): boolean {
  return !/^(?:localhost|127\.|\[::1\])/.test(new URL(url).host)
}
