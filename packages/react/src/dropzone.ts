/** Takes files that are dropped, pasted or picked, by mouse and by keyboard, and leaves the looks to whoever renders it. */
import { useCallback, useRef, useState } from 'react'
import type {
  ChangeEvent,
  ClipboardEvent,
  DragEvent,
  InputHTMLAttributes,
  KeyboardEvent,
  ReactNode,
  RefAttributes,
  RefObject,
} from 'react'

export interface DropzoneParts {
  /** Of the element that files are dropped on. */
  readonly rootProps: {
    readonly role: 'button'
    readonly tabIndex: number
    readonly 'aria-disabled': boolean
    readonly onClick: () => void
    readonly onKeyDown: (event: KeyboardEvent) => void
    readonly onDragEnter: (event: DragEvent) => void
    readonly onDragOver: (event: DragEvent) => void
    readonly onDragLeave: (event: DragEvent) => void
    readonly onDrop: (event: DragEvent) => void
    readonly onPaste: (event: ClipboardEvent) => void
  }
  /** Of an `input` beside it, which is not seen. */
  readonly inputProps: InputHTMLAttributes<HTMLInputElement> & RefAttributes<HTMLInputElement>
  /** Something is dragged over it. */
  readonly isOver: boolean
  /** Lets the browser ask for files. */
  readonly open: () => void
}

export interface DropzoneOptions {
  readonly onFiles: (files: readonly File[]) => void
  /** What the browser offers, and what is taken: `image/*`, `.pdf`. Anything unless said otherwise. */
  readonly accept?: readonly string[] | undefined
  /** Of what was dropped, the files that are not taken. */
  readonly onRefused?: ((files: readonly File[]) => void) | undefined
  /** False: one file at a time. */
  readonly multiple?: boolean | undefined
  readonly disabled?: boolean | undefined
  readonly children: (parts: DropzoneParts) => ReactNode
}

/**
 * ```tsx
 * <Dropzone onFiles={([file]) => start(file)} accept={['image/*']} multiple={false}>
 *   {({ rootProps, inputProps, isOver }) => (
 *     <div {...rootProps} className={isOver ? 'over' : ''}><input {...inputProps} />Drop a picture</div>
 *   )}
 * </Dropzone>
 * ```
 */
export function Dropzone(options: DropzoneOptions): ReactNode {
  const { accept = [], multiple = true, disabled = false, children } = options
  const input = useRef<HTMLInputElement>(null)
  // Entering a child comes before leaving its parent.
  const depth = useRef(0)
  const [isOver, setIsOver] = useState(false)
  const open = useCallback(() => {
    if (!disabled) input.current?.click()
  }, [disabled])
  const take = (list: FileList | null): void => {
    if (disabled) return
    const files = [...(list ?? [])]
    const fitting = files
      .filter((file) => isAccepted(file, accept))
      .slice(0, multiple ? undefined : 1)
    const refused = files.filter((file) => !fitting.includes(file))
    if (fitting.length > 0) options.onFiles(fitting)
    if (refused.length > 0) options.onRefused?.(refused)
  }
  const enter = (by: number): void => {
    depth.current = Math.max(0, depth.current + by)
    setIsOver(depth.current > 0 && !disabled)
  }
  return children({
    isOver,
    open,
    inputProps: inputPropsOf(options, input, take),
    rootProps: {
      role: 'button',
      tabIndex: disabled ? -1 : 0,
      'aria-disabled': disabled,
      onClick: open,
      onKeyDown: (event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return
        event.preventDefault()
        open()
      },
      onDragEnter: (event) => {
        event.preventDefault()
        enter(1)
      },
      onDragOver: (event) => event.preventDefault(),
      onDragLeave: () => enter(-1),
      onDrop: (event) => {
        event.preventDefault()
        enter(-depth.current)
        take(event.dataTransfer.files)
      },
      onPaste: (event) => take(event.clipboardData.files),
    },
  })
}

function inputPropsOf(
  { accept = [], multiple = true, disabled = false }: DropzoneOptions,
  ref: RefObject<HTMLInputElement | null>,
  take: (list: FileList | null) => void,
): DropzoneParts['inputProps'] {
  return {
    ref,
    type: 'file',
    hidden: true,
    multiple,
    disabled,
    accept: accept.join(','),
    // A click on it is one on the root as well.
    onClick: (event) => event.stopPropagation(),
    onChange: ({ target }: ChangeEvent<HTMLInputElement>) => {
      take(target.files)
      // The same file may be picked again.
      target.value = ''
    },
  }
}

function isAccepted({ name, type }: File, accept: readonly string[]): boolean {
  if (accept.length === 0) return true
  return accept.some((wanted) => {
    if (wanted.startsWith('.')) return name.toLowerCase().endsWith(wanted.toLowerCase())
    return wanted.endsWith('/*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted
  })
}
