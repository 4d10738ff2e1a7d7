/** Uploads the picture that is chosen, shows how far it is, and then the picture. */
import { fetchLink } from '@hallpass/client/link'
import { isHallpassError, upload } from '@hallpass/client/upload'

const input = find('input')
const bar = find('progress')
const output = find('output')
const image = find('img')

input.addEventListener('change', () => void send(input.files?.[0]))

async function send(file: File | undefined): Promise<void> {
  if (file === undefined) return
  const up = upload(file, { endpoint: '/api/upload', route: 'avatar' })
  up.on('progress', ({ sent, total, secondsLeft }) => {
    bar.value = total === 0 ? 1 : sent / total
    output.value = secondsLeft === null ? '' : `${secondsLeft} s left`
  })
  try {
    const { file: stored } = await up.done
    if (stored === null) {
      output.value = 'It is looked at before it is shown.'
      return
    }
    const { url } = await fetchLink(stored.path, { endpoint: '/api/link' })
    image.src = url
    image.hidden = false
    output.value = 'Done.'
  } catch (error) {
    output.value = isHallpassError(error) ? error.message : 'Something went wrong.'
  }
}

function find<Name extends keyof HTMLElementTagNameMap>(name: Name): HTMLElementTagNameMap[Name] {
  const element = document.querySelector(name)
  if (element === null) throw new Error(`The page has no ${name}.`)
  return element
}
