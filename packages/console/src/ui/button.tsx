import type { ButtonHTMLAttributes, ReactNode } from 'react'
import classes from './button.module.css'
import { classNames } from './class-names.ts'

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly kind?: 'plain' | 'primary' | 'danger' | 'quiet'
}

/** A button that submits no form unless it says so. */
export function Button({ kind = 'plain', className, ...rest }: ButtonProps): ReactNode {
  const look = classNames(classes['button'], classes[kind], className)
  // oxlint-disable-next-line react/button-has-type
  return <button type="button" {...rest} className={look} />
}
