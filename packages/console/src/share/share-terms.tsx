/** Who gets what, for how long, how often, and from where. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useApi } from '../app/session.tsx'
import { Button } from '../ui/button.tsx'
import { Form, Row, SelectField, TextArea, TextField } from '../ui/field.tsx'
import { Actions } from '../ui/page.tsx'
import { Failed } from '../ui/states.tsx'
import { handOut, isPage, WAYS_OF_FILES, WAYS_OF_FOLDERS } from './hand-out.ts'
import type { Terms } from './hand-out.ts'
import type { HandedOut } from './issued.tsx'
import { LifeField } from './life-field.tsx'

/** Longer lives want a reason of the person who makes the link. */
const REASON_OVER_SECONDS = 86_400

export interface ShareTermsProps {
  readonly path: string
  readonly onIssued: (link: HandedOut) => void
  readonly onClose: () => void
}

export function ShareTerms({ path, onIssued, onClose }: ShareTermsProps): ReactNode {
  const api = useApi()
  const queries = useQueryClient()
  const [terms, setTerms] = useState<Terms>({
    path,
    way: path.endsWith('/') ? 'folder' : 'get',
    life: '3600',
    uses: '',
    ip: '',
    password: '',
    greeting: '',
    owner: '',
    label: '',
    reason: '',
  })
  const set = (name: keyof Terms) => (event: { target: { value: string } }) =>
    setTerms(fitted({ ...terms, [name]: event.target.value }))
  const issue = useMutation({
    mutationFn: () => handOut(api, terms),
    onSuccess: async (link) => {
      onIssued(link)
      await queries.invalidateQueries({ queryKey: ['links'] })
    },
  })
  const isFolder = terms.path.trim().endsWith('/')
  const isUpload = terms.way === 'put' || terms.way === 'drop'
  return (
    <Form onSubmit={() => issue.mutate()}>
      <TextField
        label="File, or folder with a slash"
        required
        placeholder="acme/report.pdf"
        value={terms.path}
        onChange={set('path')}
      />
      <SelectField
        label="Whoever has the link gets"
        choices={isFolder ? WAYS_OF_FOLDERS : WAYS_OF_FILES}
        value={terms.way}
        onChange={set('way')}
      />
      <Row>
        <LifeField
          path={terms.path}
          isDownload={!isUpload}
          value={terms.life}
          onChange={set('life')}
        />
        <TextField
          label="How often"
          type="number"
          min={1}
          placeholder={terms.way === 'put' ? 'once' : 'any number'}
          value={terms.uses}
          onChange={set('uses')}
        />
      </Row>
      {isPage(terms.way) && <OfThePage terms={terms} set={set} />}
      <TextField
        label="Only from these addresses"
        placeholder="anywhere; 192.0.2.7, 198.51.100.0/24"
        value={terms.ip}
        onChange={set('ip')}
      />
      <ForTheRecord terms={terms} set={set} />
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

interface TermsProps {
  readonly terms: Terms
  readonly set: (name: keyof Terms) => (event: { target: { value: string } }) => void
}

/** What a page asks for, and what it says. */
function OfThePage({ terms, set }: TermsProps): ReactNode {
  return (
    <>
      <TextField
        label="Password"
        type="password"
        autoComplete="new-password"
        placeholder="none"
        value={terms.password}
        onChange={set('password')}
        hint="Tell it to them in another message than the link."
      />
      <TextArea
        label="Greeting"
        rows={2}
        spellCheck
        maxLength={1000}
        value={terms.greeting}
        onChange={set('greeting')}
        hint="The page says it to whoever opens it."
      />
      <TextField
        label="Your name on the page"
        maxLength={100}
        value={terms.owner}
        onChange={set('owner')}
      />
    </>
  )
}

/** What is kept with it, for whoever looks at it later. */
function ForTheRecord({ terms, set }: TermsProps): ReactNode {
  return (
    <>
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
    </>
  )
}

/** A path that became a folder, or a file, gets one of its own ways. */
function fitted(terms: Terms): Terms {
  const ways = terms.path.trim().endsWith('/') ? WAYS_OF_FOLDERS : WAYS_OF_FILES
  const [first] = ways
  return ways.some(({ value }) => value === terms.way) ? terms : { ...terms, way: first.value }
}
