/**
 * The script of drops: it sends the files of a drop one after the other, goes on where it was when the connection breaks or the page
 * is loaded again, and shows how far it is. Without it the browser sends the form. It speaks tus [TUS-1] to an address below the page.
 */
export const SCRIPT = `
const form = document.querySelector('form[data-words]')
const words = JSON.parse(form.dataset.words)
const endpoint = location.pathname.replace(/\\/$/, '') + '/tus'
const MOST_FAILURES = 12

const encode = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)))
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const isPassing = (status) => status === 0 || status === 409 || status === 423 || status === 429 || status >= 500

/** What answers; status 0 if nobody does. */
const ask = (method, url, headers, body, onProgress) => new Promise((resolve) => {
  const request = new XMLHttpRequest()
  if (onProgress) request.upload.onprogress = ({ loaded }) => onProgress(loaded)
  request.onload = request.onerror = request.onabort = () => resolve(request)
  request.open(method, url)
  request.setRequestHeader('Tus-Resumable', '1.0.0')
  for (const name in headers) request.setRequestHeader(name, headers[name])
  request.send(body)
})

const codeOf = ({ responseText }) => {
  try {
    return JSON.parse(responseText).code
  } catch {
    return ''
  }
}

/** Where the upload of this file is; begins one if there is none that goes on. */
const place = async (file, known) => {
  if (known !== null) {
    const looked = await ask('HEAD', known, {}, null)
    const offset = Number(looked.getResponseHeader('Upload-Offset') ?? NaN)
    if (looked.status === 200) return { url: known, offset }
    if (isPassing(looked.status) && looked.status !== 409) return { status: looked.status }
  }
  const pairs = [['filename', file.name], ['filetype', file.type]].filter(([, value]) => value !== '')
  const begun = await ask('POST', endpoint, {
    'Upload-Length': String(file.size),
    'Upload-Metadata': pairs.map(([name, value]) => name + ' ' + encode(value)).join(','),
  }, null)
  if (begun.status !== 201) return { status: begun.status, code: codeOf(begun) }
  return { url: begun.getResponseHeader('Location'), offset: 0 }
}

/** \`null\` once it has arrived, or the code of what it was refused for; \`lost\` if nobody answers. */
const sendFile = async (file, onProgress) => {
  const key = JSON.stringify([endpoint, file.name, file.size, file.type, file.lastModified])
  for (let failures = 0; failures < MOST_FAILURES; failures += 1) {
    if (failures > 0) await sleep(Math.min(5000, 250 * 2 ** failures))
    const found = await place(file, sessionStorage.getItem(key))
    if (found.url === undefined) {
      if (isPassing(found.status) && found.status !== 409) continue
      return found.code || 'refused'
    }
    sessionStorage.setItem(key, found.url)
    onProgress(found.offset)
    let sent = null
    if (found.offset < file.size) {
      let farthest = 0
      const headers = { 'Upload-Offset': String(found.offset), 'Content-Type': 'application/offset+octet-stream' }
      sent = await ask('PATCH', found.url, headers, file.slice(found.offset), (loaded) => {
        farthest = loaded
        onProgress(found.offset + loaded)
      })
      if (farthest > 0) failures = 0
      if (sent.status !== 204 && isPassing(sent.status) && codeOf(sent) !== 'file-exists') continue
    }
    sessionStorage.removeItem(key)
    if (sent === null || sent.status === 204) return null
    return codeOf(sent) || 'refused'
  }
  return 'lost'
}

/** On one line, and in the direction in which it is stored. */
const UNSHOWN = /[\\u0000-\\u001F\\u007F-\\u009F\\u2028\\u2029\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]/g
const showName = (name) => name.toWellFormed().replaceAll(UNSHOWN, '\\uFFFD')

const add = (parent, name, text, more) => {
  const element = Object.assign(document.createElement(name), more)
  if (text) element.textContent = text
  parent.append(element)
  return element
}

const formatSize = (bytes) => {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte']
  const step = Math.max(0, Math.min(4, Math.floor(Math.log(bytes || 1) / Math.log(1000))))
  const format = new Intl.NumberFormat(document.documentElement.lang, {
    style: 'unit', unit: units[step], unitDisplay: step === 0 ? 'long' : 'short', maximumFractionDigits: 1,
  })
  return format.format(bytes / 1000 ** step)
}

/** What has arrived, and what has not and why. */
const tell = (taken, refused) => {
  const main = document.createElement('main')
  const title = taken.length > 0 ? words.arrived : words.notTaken
  const heading = add(main, 'h1', title, { tabIndex: -1 })
  if (taken.length > 0) {
    const list = add(main, 'ul', '', { className: 'files' })
    for (const { name, size } of taken) {
      const row = add(list, 'li', '')
      add(row, 'bdi', showName(name))
      row.append(' · ' + formatSize(size))
    }
  }
  if (refused !== null) {
    if (taken.length > 0) add(main, 'h2', words.notTaken)
    add(add(main, 'p', ''), 'bdi', showName(refused.file.name))
    const story = words.stories[refused.code] ?? words.stories.refused
    add(main, 'p', story.title + '. ' + story.text, { className: 'warning', role: 'alert' })
  }
  add(add(main, 'p', ''), 'a', words.sendMore, { href: '' })
  document.title = title
  document.querySelector('main').replaceWith(main)
  heading.focus()
}

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const files = [...form.querySelector('input[type=file]').files]
  const total = files.reduce((sum, { size }) => sum + size, 0)
  document.querySelector('[data-said]')?.remove()
  const box = add(form.parentNode, 'div', '')
  box.dataset.said = ''
  form.after(box)
  const said = add(box, 'p', words.sending, { role: 'status' })
  const bar = add(box, 'progress', '', { max: 1, ariaLabel: words.sending })
  form.hidden = true
  const taken = []
  for (const file of files) {
    const before = taken.reduce((sum, { size }) => sum + size, 0)
    const code = await sendFile(file, (sent) => {
      bar.value = (before + sent) / (total || 1)
      said.textContent = words.sending + ' ' + Math.floor(100 * bar.value) + ' %'
    })
    if (code === 'share-password-needed') return location.reload()
    if (code === 'lost') {
      bar.remove()
      said.textContent = words.connectionLost
      form.hidden = false
      return
    }
    if (code !== null) return tell(taken, { file, code })
    taken.push(file)
  }
  tell(taken, null)
})
`
