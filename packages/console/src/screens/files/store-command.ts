/** What stores a file from a terminal. */
export function storeCommand(path: string): string {
  return `curl -T report.pdf '${location.origin}/v1/files?${new URLSearchParams({ path })}' \\
  -H "Authorization: Bearer $HALLPASS_API_KEY"`
}
