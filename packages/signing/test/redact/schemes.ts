/**
 * What further schemes look like: one line each, the secret between `⟦` and `⟧`. Invented values in the shape of the real ones.
 */

const HEX32 = '9f3ab17c4de2085b6a71c3f0d94e5b82'
const HEX40 = `${HEX32}a6170c3d`
const HEX64 = `${HEX32}a6170c3d9be4f5128d07a3c6e19b42f5`
const BASE64 = 'qW7bK2vXz0p9TnR4sYc1dUeF3gHiJkLmNoPqRsTuVwA='
const ESCAPED = BASE64.replace('=', '%3D')
const SHORT_BASE64 = 'yN9WtB0lQheegAwva64yBuH3ZgU='
const JWT =
  'eyJhbGciOiJIUzI1NiJ9.eyJ1cmwiOiJhdmF0YXJzL2EucG5nIiwiZXhwIjoxNzczNDg0MDEzfQ.Zm9yLXRlc3RzLW9ubHktbm8tc2VjcmV0LWF0LWFsbA'
const V4 = 'Credential=AKIAHALLPASSFAKE0001%2F20260314%2Feu-west-1'

export interface SchemeLine {
  readonly scheme: string
  /** With `⟦` before and `⟧` behind each secret. */
  readonly marked: string
}

function lines(scheme: string, ...marked: readonly string[]): SchemeLine[] {
  return marked.map((line) => ({ scheme, marked: line }))
}

export const SCHEME_LINES: readonly SchemeLine[] = [
  ...lines(
    'Laravel',
    `https://app.example.test/unsubscribe/7?expires=1773484013&signature=⟦${HEX64}⟧`,
    `https://app.example.test/file/7?signature=⟦${HEX64}⟧`,
    `APP_KEY=base64:⟦${BASE64}⟧`,
  ),
  ...lines(
    'Rails ActiveStorage',
    `/rails/active_storage/blobs/redirect/eyJfcmFpbHMiOnsiZGF0YSI6MSwicHVyIjoiYmxvYl9pZCJ9fQ==--⟦${HEX40}⟧/a.png`,
    `/rails/active_storage/disk/eyJfcmFpbHMiOnsiZGF0YSI6eyJrZXkiOiJhIn19fQ%3D%3D--⟦${HEX64}⟧/a.png`,
    `/rails/active_storage/representations/proxy/eyJfcmFpbHMiOnsiZGF0YSI6MSwicHVyIjoiYmxvYl9pZCJ9fQ--⟦${HEX40}⟧/eyJfcmFpbHMiOnsiZGF0YSI6eyJmb3JtYXQiOiJwbmcifX19--⟦${HEX40}⟧/a.png`,
  ),
  ...lines(
    'Rails message verifier',
    `https://app.example.test/reset?sgid=BAh7CEkiCGdpZAY6BkVUSSIiZ2lkOi8vYXBwL1VzZXIvMQ==--⟦${HEX40}⟧`,
  ),
  ...lines(
    'Supabase',
    `https://p.supabase.co/storage/v1/object/sign/a/b.png?token=⟦${JWT}⟧`,
    `apikey: ⟦${JWT}⟧`,
  ),
  ...lines(
    'Firebase',
    `https://firebasestorage.googleapis.com/v0/b/app.appspot.com/o/a.png?alt=media&token=⟦4f6c3b9e-1a2d-4c7f-9b0e-5d8a7c6b1f20⟧`,
    `{"downloadTokens":"⟦4f6c3b9e-1a2d-4c7f-9b0e-5d8a7c6b1f20⟧"}`,
    `"firebaseStorageDownloadTokens": "⟦4f6c3b9e-1a2d-4c7f-9b0e-5d8a7c6b1f20⟧"`,
  ),
  ...lines(
    'Cloudinary',
    `https://res.cloudinary.com/demo/image/authenticated/s--⟦Ai4Znfl3⟧--/c_fill,w_300/a.jpg`,
    `https://res.cloudinary.com/demo/image/upload/s--⟦9bHZ2Cd3wJ-sTr4_QxYz01AbLkMnOp8q⟧--/a.jpg`,
    `https://api.cloudinary.com/v1_1/demo/image/download?api_key=⟦123456789012345⟧&timestamp=1773484013&signature=⟦${HEX40}⟧`,
    `https://res.cloudinary.com/demo/a.jpg?__cld_token__=st=1~exp=1773484013~hmac=⟦${HEX64}⟧`,
  ),
  ...lines(
    'Imgix',
    `https://demo.imgix.net/a.png?w=400&s=⟦${HEX32}⟧`,
    `https://demo.imgix.net/a.png?s=⟦${HEX32}⟧`,
    `GET /go?to=https%3A%2F%2Fdemo.imgix.net%2Fa.png%3Fw%3D400%26s%3D⟦${HEX32}⟧&x=1`,
    `<img src="https://demo.imgix.net/a.png?w=400&amp;s=⟦${HEX32}⟧">`,
  ),
  ...lines('ImageKit', `https://ik.imagekit.io/demo/a.jpg?ik-t=1773484013&ik-s=⟦${HEX40}⟧`),
  ...lines(
    'Cloudflare Images',
    `https://imagedelivery.net/acc/id/public?exp=1773484013&sig=⟦${HEX64}⟧`,
  ),
  ...lines(
    'Cloudflare Stream',
    `https://customer-a.cloudflarestream.com/⟦${JWT}⟧/manifest/video.m3u8`,
    `<iframe src="https://customer-a.cloudflarestream.com/⟦${JWT}⟧/iframe">`,
  ),
  ...lines('Mux', `https://stream.mux.com/abc.m3u8?token=⟦${JWT}⟧`),
  ...lines(
    'Alibaba OSS',
    `https://b.oss-cn-hangzhou.aliyuncs.com/a?OSSAccessKeyId=LTAIFAKE0001&Expires=1773484013&Signature=⟦${SHORT_BASE64.replace('=', '%3D')}⟧`,
    `https://b.oss-cn-hangzhou.aliyuncs.com/a?x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-credential=LTAIFAKE0001%2F20260314%2Fcn-hangzhou%2Foss%2Faliyun_v4_request&x-oss-date=20260314T092653Z&x-oss-expires=600&x-oss-signature=⟦${HEX64}⟧`,
    `Authorization: OSS LTAIFAKE0001:⟦${SHORT_BASE64}⟧`,
    `Authorization: OSS4-HMAC-SHA256 Credential=LTAIFAKE0001/20260314/cn-hangzhou/oss/aliyun_v4_request,Signature=⟦${HEX64}⟧`,
    `x-oss-security-token: ⟦CAIShwJ1q6Ft5B2yfSjIr5fSAlfZiJ0gfa0PZ1mEoWwFe3CYfakeToken01==⟧`,
  ),
  ...lines('Alibaba CDN', `http://cdn.example.test/a.mp4?auth_key=⟦1773484013-0-0-${HEX32}⟧`),
  ...lines(
    'Tencent COS',
    `https://b-125.cos.ap-beijing.myqcloud.com/a?q-sign-algorithm=sha1&q-ak=AKIDFAKE0001&q-sign-time=1773480413;1773484013&q-key-time=1773480413;1773484013&q-header-list=host&q-url-param-list=&q-signature=⟦${HEX40}⟧`,
    `Authorization: q-sign-algorithm=sha1&q-ak=AKIDFAKE0001&q-sign-time=1;2&q-key-time=1;2&q-header-list=host&q-url-param-list=&q-signature=⟦${HEX40}⟧`,
    `https://b-125.cos.ap-beijing.myqcloud.com/a?sign=q-sign-algorithm%3Dsha1%26q-ak%3DAKIDFAKE0001%26q-signature%3D⟦${HEX40}⟧`,
    `x-cos-security-token: ⟦CAIShwJ1q6Ft5B2yfSjIr5fSAlfZiJ0gfa0PZ1mEoWwFe3CYfakeToken01==⟧`,
  ),
  ...lines(
    'Tencent CDN',
    `http://cdn.example.test/a.mp4?sign=⟦1773484013-a1b2-0-${HEX32}⟧`,
    `http://cdn.example.test/a.mp4?sign=⟦${HEX32}⟧&t=69b5d3ed`,
    `rtmp://live.example.test/live/a?txSecret=⟦${HEX32}⟧&txTime=69B5D3ED`,
  ),
  ...lines(
    'Huawei OBS',
    `https://b.obs.cn-north-4.myhuaweicloud.com/a?AccessKeyId=FAKE0001&Expires=1773484013&Signature=⟦${SHORT_BASE64.replace('=', '%3D')}⟧`,
    `Authorization: OBS FAKE0001:⟦${SHORT_BASE64}⟧`,
    `Authorization: SDK-HMAC-SHA256 Access=FAKE0001, SignedHeaders=host;x-sdk-date, Signature=⟦${HEX64}⟧`,
  ),
  ...lines(
    'Qiniu',
    `http://dn.example.test/a.jpg?e=1773484013&token=⟦FAKEaccessKEY0001:${SHORT_BASE64}⟧`,
    `http://dn.example.test/a.jpg?e=1773484013&token=⟦FAKEaccessKEY0001%3A${SHORT_BASE64.replace('=', '%3D')}⟧&x=1`,
    `Authorization: QBox FAKEaccessKEY0001:⟦${SHORT_BASE64}⟧`,
    `Authorization: UpToken FAKEaccessKEY0001:⟦${SHORT_BASE64}:eyJzY29wZSI6ImIiLCJkZWFkbGluZSI6MTc3M30=⟧`,
  ),
  ...lines(
    'TOS',
    `https://b.tos-cn-beijing.volces.com/a?X-Tos-Algorithm=TOS4-HMAC-SHA256&X-Tos-Credential=AKLTFAKE%2F20260314%2Fcn-beijing%2Ftos%2Frequest&X-Tos-Date=20260314T092653Z&X-Tos-Expires=600&X-Tos-SignedHeaders=host&X-Tos-Signature=⟦${HEX64}⟧`,
    `Authorization: TOS4-HMAC-SHA256 Credential=AKLTFAKE/20260314/cn-beijing/tos/request, SignedHeaders=host, Signature=⟦${HEX64}⟧`,
  ),
  ...lines(
    'Backblaze B2',
    `https://f004.backblazeb2.com/file/b/a.jpg?Authorization=⟦3_20260314092653_8c2fa9d1e07b5e3f6a1d0b94_4f6c3b9e1a2d4c7f9b0e5d8a7c6b1f20_004_20260314102653_0017_dnld⟧`,
    `"authorizationToken": "⟦4_0042fa8e0ab12c30000000001_01b2c3d4_5e6f70_acct_tH7VW03boebOXayIc43sxptpfA0=⟧"`,
    `"applicationKey":"⟦K004pQ2wErTyUiOpAsDfGhJkLzXcVb1⟧"`,
  ),
  ...lines(
    'Oracle PAR',
    `https://objectstorage.eu-frankfurt-1.oraclecloud.com/p/⟦qW7bK2vXz0p9TnR4sYc1dUeF3gHiJkLmNoPqRsTuVwA-1b2C3d4E5f6G7h8J9k0L⟧/n/ns/b/bucket/o/a.pdf`,
    `GET /p/⟦qW7bK2vXz0p9TnR4sYc1dUeF3gHiJkLmNoPqRsTuVwA-1b2C3d4E5f6G7h8J9k0L⟧/n/ns/b/bucket/o/ HTTP/1.1`,
  ),
  ...lines('Fastly', `https://www.example.test/a.jpg?token=⟦1773484013_${HEX40}⟧`),
  ...lines(
    'KeyCDN',
    `https://zone.kxcdn.com/a.jpg?token=⟦_e4Nc3iduzkWRm01TBBNYw⟧&expire=1773484013`,
  ),
  ...lines('CDN77', `https://a.rsc.cdn77.org/a.jpg?secure=⟦_e4Nc3iduzkWRm01TBBNYw==⟧,1773484013`),
  ...lines(
    'Discord',
    `https://cdn.discordapp.com/attachments/1/2/a.png?ex=69b5d3ed&is=69b4826d&hm=⟦${HEX64}⟧&`,
    `{"ex":"69b5d3ed","hm":"⟦${HEX64}⟧"}`,
    `https://discord.com/api/webhooks/123456789012345678/⟦aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7dE9fG1hJ3kL5mN7pQ9rS1tU3vW5x⟧`,
  ),
  ...lines(
    'Slack',
    `https://hooks.slack.com/services/T0FAKE000/B0FAKE000/⟦aB3dE5fG7hJ9kL1mN3pQ5rS7⟧`,
    `token is xoxb-⟦123456789012-1234567890123-aB3dE5fG7hJ9kL1mN3pQ5rS7⟧ here`,
    `X-Slack-Signature: v0=⟦${HEX64}⟧`,
  ),
  ...lines(
    'Azure Functions',
    `https://app.azurewebsites.net/api/run?code=⟦aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7dE9fGAzFuHJ3kLQ==⟧&name=x`,
    `x-functions-key: ⟦aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7dE9fGAzFuHJ3kLQ==⟧`,
    `https://prod-1.westeurope.logic.azure.com/workflows/1/triggers/manual/paths/invoke?api-version=2016-10-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=⟦qW7bK2vXz0p9TnR4sYc1dUeF3gHiJkLmNoPqRsTuVwA⟧`,
  ),
  ...lines(
    'GitHub',
    `https://raw.githubusercontent.com/o/r/main/a?token=⟦GHSAT0AAAAAACB7FAKEFAKEFAKE01ZQ⟧`,
    `https://private-user-images.githubusercontent.com/1/2.png?jwt=⟦${JWT}⟧`,
    `using ghp_⟦aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5⟧ for it`,
    `github_pat_⟦11ABCDEFG0aB3dE5fG7hJ9_kL1mN3pQ5rS7tU9vW1xY3zA5bC7dE9fG1hJ3⟧`,
    `X-Hub-Signature-256: sha256=⟦${HEX64}⟧`,
    `X-Hub-Signature: sha1=⟦${HEX40}⟧`,
    `"x-hub-signature-256": "sha256=⟦${HEX64}⟧"`,
  ),
  ...lines(
    'HTTP message signatures',
    `Signature: sig1=:⟦${BASE64}⟧:`,
    `Signature: sig1=:⟦${BASE64}⟧:, proxy_sig=:⟦${BASE64}⟧:`,
    `{"signature":"sig-b21=:⟦${BASE64}⟧:","content-digest":"sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"}`,
    `Signature-Input: sig1=("@method" "@path");created=1773480413;keyid="k1"\nSignature: sig1=:⟦${BASE64}⟧:`,
    `Signature: keyId="k1",algorithm="hs2019",headers="host date",signature="⟦${BASE64}⟧"`,
    `Authorization: Signature keyId="k1",algorithm="hs2019",signature="⟦${BASE64}⟧"`,
  ),
  ...lines(
    'Webhooks',
    `Stripe-Signature: t=1773480413,v1=⟦${HEX64}⟧`,
    `Stripe-Signature: t=1773480413,v1=⟦${HEX64},v0=${HEX64}⟧`,
    `"stripe-signature": "t=1773480413,v1=⟦${HEX64},v1=${HEX64}⟧",`,
    `stripe_signature: t=1773480413, v1=⟦${HEX64}⟧`,
    `Paddle-Signature: ts=1773480413;h1=⟦${HEX64}⟧`,
    `webhook-signature: v1,⟦${BASE64}⟧`,
    `webhook-signature: v1,⟦${BASE64}⟧ v1,⟦${BASE64}⟧`,
    `svix-signature: v1,⟦${BASE64}⟧`,
    `X-Shopify-Hmac-Sha256: ⟦${BASE64}⟧`,
    `X-Twilio-Signature: ⟦${SHORT_BASE64}⟧`,
    `X-Signature-Ed25519: ⟦${HEX64}${HEX64}⟧`,
    `Linear-Signature: ⟦${HEX64}⟧`,
    `x-zm-signature: v0=⟦${HEX64}⟧`,
    `HTTP_X_HUB_SIGNATURE_256: sha256=⟦${HEX64}⟧`,
    `[X-Hub-Signature-256] => sha256=⟦${HEX64}⟧`,
  ),
  ...lines(
    'SigV4 of other services',
    `wss://a.iot.eu-west-1.amazonaws.com/mqtt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-${V4}%2Fiotdevicegateway%2Faws4_request&X-Amz-Date=20260314T092653Z&X-Amz-Expires=600&X-Amz-SignedHeaders=host&X-Amz-Signature=⟦${HEX64}⟧`,
    `db.example.test:5432/?Action=connect&DBUser=app&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-${V4}%2Frds-db%2Faws4_request&X-Amz-Date=20260314T092653Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=⟦${HEX64}⟧`,
    `"token": "⟦k8s-aws-v1.aHR0cHM6Ly9zdHMuZXUtd2VzdC0xLmFtYXpvbmF3cy5jb20vP0FjdGlvbj1HZXRDYWxsZXJJZGVudGl0eQ⟧"`,
    `got k8s-aws-v1.⟦aHR0cHM6Ly9zdHMuZXUtd2VzdC0xLmFtYXpvbmF3cy5jb20vP0FjdGlvbj1HZXRDYWxsZXJJZGVudGl0eQ⟧ from the helper`,
    `kubectl --token ⟦k8s-aws-v1.aHR0cHM6Ly9zdHMuZXUtd2VzdC0xLmFtYXpvbmF3cy5jb20vP0FjdGlvbj1HZXRDYWxsZXJJZGVudGl0eQ⟧ get pods`,
    `x-amz-s3session-token: ⟦FwoGZXIvYXdzEBYaDFAKEtokenForTests0123456789abcdefXYZ/+==⟧`,
  ),
  ...lines(
    'Azure tokens of other services',
    `Authorization: SharedAccessSignature sr=https%3A%2F%2Fns.servicebus.windows.net%2Fq&sig=⟦${ESCAPED}⟧&se=1773484013&skn=RootManageSharedAccessKey`,
    `SharedAccessSignature=SharedAccessSignature sr=ns.servicebus.windows.net&sig=⟦${ESCAPED}⟧&se=1773484013&skn=send`,
    `Endpoint=sb://ns.servicebus.windows.net/;SharedAccessKeyName=send;SharedAccessKey=⟦${BASE64}⟧;EntityPath=q`,
    `https://acct.queue.core.windows.net/q/messages?sv=2025-01-05&sp=p&se=2026-03-15T00%3A00%3A00Z&sig=⟦${ESCAPED}⟧`,
    `https://acct.table.core.windows.net/t?tn=t&sv=2025-01-05&sp=r&se=2026-03-15T00%3A00%3A00Z&sig=⟦${ESCAPED}⟧`,
    `https://acct.file.core.windows.net/s/a.txt?sv=2025-01-05&sr=f&sp=r&se=2026-03-15T00%3A00%3A00Z&sig=⟦${ESCAPED}⟧`,
    `aeg-sas-key: ⟦${BASE64}⟧`,
    `aeg-sas-token: r=https%3a%2f%2ft.eventgrid.azure.net%2fapi%2fevents&e=3%2f15%2f2026&s=⟦${ESCAPED}⟧`,
    `BlobEndpoint=https://acct.blob.core.windows.net/;SharedAccessSignature=sv=2025-01-05&ss=b&srt=o&sp=r&se=2026-03-15&sig=⟦${ESCAPED}⟧`,
  ),
  ...lines(
    'CloudFront',
    `https://d1.cloudfront.net/a?Expires=1773484013&Signature=⟦sp~7dQw4w9WgXcQ2b1kFh0lJ3nR5tV7xZ9aCeGiKmOqSuWyBDFHJLNPRTVXZbdfhjlnprtvxz~1b2C3d4E5f6G7h8J9k0LmN__⟧&Key-Pair-Id=K2FAKE`,
    `https://d1.cloudfront.net/a?Expires=1773484013&Signature=⟦hmac~7dQw4w9WgXcQ2b1kFh0lJ3nR5tV7xZ9aCeGiKmOqSuWyBDFHJLNPRTVXZbdfhjlnprtvxz~1b2C3d4E5f6G7h8J9k0LmN__⟧&Key-Pair-Id=K2FAKE`,
    `Cookie: CloudFront-Key-Pair-Id=K2FAKE; CloudFront-Signature=⟦id~QxQw4w9WgXcQ2b1kFh0lJ3nR5tV7xZ9aCeGiKmOqSuWyBDFHJLNPRTVXZbdfhjlnprtvxz~1b2C3d4E5f6G7h8J9k0LmN__⟧`,
  ),
]

/** The line as it was, and as it should be afterwards. */
export function readMarked(marked: string): { readonly line: string; readonly expected: string } {
  return {
    line: marked.replaceAll(/[⟦⟧]/g, ''),
    expected: marked.replaceAll(/⟦[^⟧]*⟧/g, '[redacted]'),
  }
}
