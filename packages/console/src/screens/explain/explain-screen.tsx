/** Says why a signed URL fails. All of it happens in this page: nothing that is pasted here leaves it. */
import { explain } from '@hallpass/signing/explain'
import type { Cause, ExplainKey, Explanation } from '@hallpass/signing/explain'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { Badge } from '../../ui/badge.tsx'
import type { Tone } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Form, Row, SelectField, TextArea, TextField } from '../../ui/field.tsx'
import { Page } from '../../ui/page.tsx'
import classes from './explain.module.css'

const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS']
const EMPTY = { url: '', method: 'GET', headers: '', answer: '', keyId: '', secret: '' }

export function ExplainScreen(): ReactNode {
  const [given, setGiven] = useState(EMPTY)
  const [explanation, setExplanation] = useState<Explanation | null>(null)
  const set = (name: keyof typeof EMPTY) => (event: { target: { value: string } }) => {
    setGiven({ ...given, [name]: event.target.value })
    setExplanation(null)
  }
  return (
    <Page title="Explain">
      <p>Paste a signed URL that fails. It is looked at in this page; nothing is sent anywhere.</p>
      <Form onSubmit={() => setExplanation(explainGiven(given))}>
        <TextArea label="Signed URL" required rows={4} value={given.url} onChange={set('url')} />
        <Row>
          <SelectField
            label="Method"
            choices={METHODS.map((value) => ({ value, label: value }))}
            value={given.method}
            onChange={set('method')}
          />
          <TextField label="Id of the key" value={given.keyId} onChange={set('keyId')} />
          <TextField
            label="Secret of the key"
            type="password"
            value={given.secret}
            onChange={set('secret')}
            hint="Stays here; with it the signature is computed again."
          />
        </Row>
        <TextArea
          label="Headers of the request"
          rows={3}
          placeholder={'Host: files.example.com\nContent-Type: image/png'}
          value={given.headers}
          onChange={set('headers')}
        />
        <TextArea
          label="What the provider answered"
          rows={3}
          value={given.answer}
          onChange={set('answer')}
        />
        <div>
          <Button kind="primary" type="submit">
            Explain
          </Button>
        </div>
      </Form>
      <div aria-live="polite">{explanation !== null && <Answer explanation={explanation} />}</div>
    </Page>
  )
}

function explainGiven({ url, method, headers, answer, keyId, secret }: typeof EMPTY): Explanation {
  const pairs = headers.split('\n').flatMap((line) => {
    const colon = line.indexOf(':')
    return colon < 1 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const]
  })
  const key: ExplainKey = { secret, ...(keyId.trim() !== '' && { id: keyId.trim() }) }
  return explain(
    { url: url.trim(), method, ...(pairs.length > 0 && { headers: pairs }) },
    {
      ...(secret !== '' && { keys: [key] }),
      ...(answer.trim() !== '' && { response: { body: answer } }),
    },
  )
}

const TONES: Readonly<Record<Explanation['signature'], Tone>> = {
  valid: 'good',
  refused: 'warn',
  invalid: 'bad',
  unchecked: 'dim',
}

function Answer({ explanation }: { readonly explanation: Explanation }): ReactNode {
  const { dialect, signature, causes, advice } = explanation
  return (
    <>
      <p>
        {dialect === null ? 'No signature is known in it.' : `Signed as ${dialect}.`} The signature
        is <Badge tone={TONES[signature]}>{signature}</Badge>
      </p>
      <Causes title="Why, likeliest first" causes={causes} />
      {advice.length > 0 && <Causes title="What would be better" causes={advice} />}
    </>
  )
}

function Causes({
  title,
  causes,
}: {
  readonly title: string
  readonly causes: readonly Cause[]
}): ReactNode {
  return (
    <>
      <h2>{title}</h2>
      <ol className={classes['causes']}>
        {causes.map(({ code, what, fix, evidence }) => (
          <li key={code}>
            <p>
              <strong>{what}</strong>
            </p>
            <p>{fix}</p>
            {evidence !== undefined && <p className={classes['evidence']}>{evidence}</p>}
          </li>
        ))}
      </ol>
    </>
  )
}
