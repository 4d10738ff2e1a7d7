/** The one script of the pages: it sends the form of a drop by itself, and shows how far it is. Without it the browser does. */
export const SCRIPT = `
const form = document.querySelector('form[data-sending]')
form.addEventListener('submit', (event) => {
  event.preventDefault()
  const { sending, lost } = form.dataset
  const bar = document.createElement('progress')
  const said = document.createElement('p')
  said.setAttribute('role', 'status')
  said.textContent = sending
  bar.setAttribute('aria-label', sending)
  bar.max = 1
  form.after(said, bar)
  form.hidden = true
  const request = new XMLHttpRequest()
  request.upload.onprogress = ({ loaded, total }) => {
    bar.value = loaded / total
    said.textContent = sending + ' ' + Math.floor((100 * loaded) / total) + ' %'
  }
  const fail = () => {
    bar.remove()
    said.textContent = lost
    form.hidden = false
  }
  request.onerror = fail
  request.onload = () => {
    const page = new DOMParser().parseFromString(request.responseText, 'text/html')
    const main = page.querySelector('main')
    if (main === null) return fail()
    document.title = page.title
    document.querySelector('main').replaceWith(main)
    const heading = main.querySelector('h1')
    heading.tabIndex = -1
    heading.focus()
  }
  request.open('POST', location.href)
  request.setRequestHeader('Accept', 'text/html')
  request.send(new FormData(form))
})
`
