/** Packages are those that `install.sh` put into the folder named in this module's own address (`?in=…`). */
import { registerHooks } from 'node:module'

const parentURL = new URL(import.meta.url).searchParams.get('in')

registerHooks({
  resolve(specifier, context, next) {
    const isPackage = /^[@a-z]/.test(specifier) && !specifier.includes(':')
    const isOurs = context.parentURL?.startsWith(new URL('.', import.meta.url).href)
    return next(specifier, isPackage && isOurs ? { ...context, parentURL } : context)
  },
})
