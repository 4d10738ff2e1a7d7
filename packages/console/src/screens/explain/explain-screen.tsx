/** Says why a signed URL fails. All of it happens in this page: nothing that is pasted here leaves it, unless this server is asked by a button of its own. */
import { explain } from '@hallpass/signing/explain'
import type { ExplainKey, Explanation } from '@hallpass/signing/explain'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Form, Row, SelectField, TextArea, TextField } from '../../ui/field.tsx'
import { Page } from '../../ui/page.tsx'
import { AskServer } from './ask-server.tsx'
import type { DescribedRequest } from './ask-server.tsx'
import { Causes, Signature } from './causes.tsx'

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
      <p>
        Paste a signed URL that fails. It is looked at in this page; nothing is sent anywhere,
        unless you ask this server about a request to it.
      </p>
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
      {explanation !== null && <AskServer key={JSON.stringify(given)} request={toRequest(given)} />}
    </Page>
  )
}

function explainGiven(given: typeof EMPTY): Explanation {
  const { keyId, secret } = given
  const { url, method, headers, answer } = toRequest(given)
  const key: ExplainKey = { secret, ...(keyId.trim() !== '' && { id: keyId.trim() }) }
  return explain(
    { url, method, ...(headers !== undefined && { headers }) },
    {
      ...(secret !== '' && { keys: [key] }),
      ...(answer !== undefined && { response: answer }),
    },
  )
}

/** What a server may be told: the key stays here. */
function toRequest({ url, method, headers, answer }: typeof EMPTY): DescribedRequest {
  const pairs = headers.split('\n').flatMap((line) => {
    const colon = line.indexOf(':')
    return colon < 1 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const]
  })
  return {
    url: url.trim(),
    method,
    ...(pairs.length > 0 && { headers: pairs }),
    ...(answer.trim() !== '' && { answer: { body: answer } }),
  }
}

function Answer({ explanation }: { readonly explanation: Explanation }): ReactNode {
  const { dialect, signature, causes, advice } = explanation
  return (
    <>
      <p>
        {dialect === null ? 'No signature is known in it.' : `Signed as ${dialect}.`} The signature
        is <Signature state={signature} />
      </p>
      <Causes title="Why, likeliest first" causes={causes} />
      {advice.length > 0 && <Causes title="What would be better" causes={advice} />}
    </>
  )
}
