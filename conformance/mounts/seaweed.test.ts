/** A bucket of SeaweedFS, mounted. */
import { startSeaweed, whyNoSeaweed } from '../lib/seaweed.ts'
import { mountedSuite } from './mounted-suite.ts'
import { storeOf } from './mounted-world.ts'

mountedSuite('a mounted bucket of SeaweedFS', {
  skip: whyNoSeaweed(),
  async start() {
    const seaweed = await startSeaweed()
    const mount = storeOf(seaweed, `${seaweed.bucket}/some/prefix`)
    return { mount, stop: () => seaweed.stop() }
  },
})
