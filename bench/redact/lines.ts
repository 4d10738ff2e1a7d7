/** Log lines as servers write them, the same in every run. */

const SIGNATURE = 'a5ffc147d2978f0c3fe0a77c8bc1d644b2a4f0d0d5b49e69a0eba82af7bb8244'

const PLAIN: readonly ((n: number) => string)[] = [
  (n) =>
    `203.0.113.${n % 256} - alice [14/Mar/2026:09:26:53 +0000] "GET /api/v1/users/${n}/profile?tab=settings&lang=en HTTP/1.1" 200 ${n} "https://example.test/dashboard" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"`,
  (n) =>
    `{"level":30,"time":${1_773_480_000_000 + n},"pid":12,"hostname":"web-1","reqId":"req-${n}","method":"GET","url":"/api/v1/orders/${n}?expand=items","statusCode":200,"responseTime":12.4,"msg":"request completed"}`,
  (n) =>
    `2026-03-14T09:26:53.120Z INFO [worker-3] order ${n} priced in ${n % 90} ms, key "orders/${n}.json" written, cache warm`,
  (n) =>
    `time=2026-03-14T09:26:53Z level=warn msg="token of session expired, asking again" user=${n} attempt=2 duration=31ms`,
]

const SIGNED: readonly ((n: number) => string)[] = [
  (n) =>
    `203.0.113.${n % 256} - - [14/Mar/2026:09:26:53 +0000] "GET /bucket/${n}.pdf?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD&X-Amz-Credential=AKIAHALLPASSFAKE0001%2F20260314%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20260314T092653Z&X-Amz-Expires=300&X-Amz-Signature=${SIGNATURE}&X-Amz-SignedHeaders=host HTTP/1.1" 200 5123 "-" "curl/8.5"`,
  (n) =>
    `{"level":30,"time":${1_773_480_000_000 + n},"url":"https://x.blob.core.windows.net/c/${n}.pdf?sv=2026-04-06&se=2026-03-14T10%3A26%3A53Z&sr=b&sp=r&sig=ZhNJfRPeCZ5HHFnRhOVtYpmtL9q%2BhViRjeLSOfqgxmg%3D","msg":"fetched"}`,
]

/** `megabytes` of lines, of which one in `every` is signed; none if it is 0. */
export function makeLines(megabytes: number, every: number): string {
  const lines: string[] = []
  let size = 0
  for (let n = 0; size < megabytes * 1e6; n += 1) {
    const isSigned = every > 0 && n % every === 0
    const list = isSigned ? SIGNED : PLAIN
    const turn = isSigned ? n / every : n
    const line = list[turn % list.length]?.(n) ?? ''
    lines.push(line)
    size += line.length + 1
  }
  return `${lines.join('\n')}\n`
}
