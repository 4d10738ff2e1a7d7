/** A bucket of Google Cloud Storage, which is fake-gcs-server, mounted. */
import { SERVICE_ACCOUNT, newGcsUrl } from '../../packages/server/test/stores/gcs/gcs-fixture.ts'
import { startFakeGcs, whyNoFakeGcs } from '../lib/fake-gcs.ts'
import { mountedSuite } from './mounted-suite.ts'

mountedSuite('a mounted bucket of fake-gcs-server', {
  skip: whyNoFakeGcs(),
  async start() {
    const gcs = await startFakeGcs()
    return {
      mount: { url: newGcsUrl(gcs), credentials: SERVICE_ACCOUNT },
      stop: () => gcs.stop(),
    }
  },
})
