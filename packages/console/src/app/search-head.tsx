/** What a screen is narrowed by, above its list: the field that `/` leads to, others beside it, and the button that asks. */
import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { Form, Row, TextField } from '../ui/field.tsx'
import { useSearchField } from './use-search-field.ts'

export interface SearchHeadProps {
  readonly label: string
  readonly value: string
  readonly placeholder?: string
  readonly onChange: (value: string) => void
  readonly onShow: () => void
  /** Further fields. */
  readonly children?: ReactNode
}

export function SearchHead(props: SearchHeadProps): ReactNode {
  const { label, value, placeholder, onChange, onShow, children } = props
  const field = useSearchField()
  return (
    <Form onSubmit={onShow}>
      <Row>
        <TextField
          ref={field}
          type="search"
          label={label}
          value={value}
          placeholder={placeholder}
          onChange={(event) => onChange(event.target.value)}
        />
        {children}
        <Button type="submit">Show</Button>
      </Row>
    </Form>
  )
}
