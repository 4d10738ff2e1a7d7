/** The parts of forms, each with its label. */
import type { ComponentProps, ReactNode } from 'react'
import { useId } from 'react'
import classes from './field.module.css'

interface Labelled {
  readonly label: string
  readonly hint?: ReactNode
}

function Frame(props: Labelled & { readonly id: string; readonly children: ReactNode }): ReactNode {
  const { id, label, hint, children } = props
  return (
    <div className={classes['field']}>
      <label className={classes['label']} htmlFor={id}>
        {label}
      </label>
      {children}
      {hint !== undefined && (
        <span id={`${id}-hint`} className={classes['hint']}>
          {hint}
        </span>
      )}
    </div>
  )
}

export function TextField({ label, hint, ...rest }: Labelled & ComponentProps<'input'>): ReactNode {
  const id = useId()
  return (
    <Frame id={id} label={label} hint={hint}>
      <input
        autoComplete="off"
        {...rest}
        id={id}
        className={classes['input']}
        aria-describedby={describedBy(id, hint)}
      />
    </Frame>
  )
}

export function TextArea({
  label,
  hint,
  ...rest
}: Labelled & ComponentProps<'textarea'>): ReactNode {
  const id = useId()
  return (
    <Frame id={id} label={label} hint={hint}>
      <textarea
        spellCheck={false}
        {...rest}
        id={id}
        className={classes['input']}
        aria-describedby={describedBy(id, hint)}
      />
    </Frame>
  )
}

export interface Choice {
  readonly value: string
  readonly label: string
}

export interface SelectFieldProps extends Labelled, ComponentProps<'select'> {
  readonly choices: readonly Choice[]
}

export function SelectField({ label, hint, choices, ...rest }: SelectFieldProps): ReactNode {
  const id = useId()
  return (
    <Frame id={id} label={label} hint={hint}>
      <select
        {...rest}
        id={id}
        className={classes['input']}
        aria-describedby={describedBy(id, hint)}
      >
        {choices.map(({ value, label: text }) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </Frame>
  )
}

export function Check({
  label,
  ...rest
}: { readonly label: string } & ComponentProps<'input'>): ReactNode {
  return (
    <label className={classes['check']}>
      <input {...rest} type="checkbox" />
      <span>{label}</span>
    </label>
  )
}

export function Form({
  onSubmit,
  children,
}: {
  readonly onSubmit: () => void
  readonly children: ReactNode
}): ReactNode {
  return (
    <form
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      {children}
    </form>
  )
}

export function Row({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className={classes['row']}>{children}</div>
}

function describedBy(id: string, hint: ReactNode): string | undefined {
  return hint === undefined ? undefined : `${id}-hint`
}
