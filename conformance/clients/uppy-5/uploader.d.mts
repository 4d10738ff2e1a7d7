export function uploadWithUppy5(
  file: File,
  endpoint: string,
): Promise<{ readonly error: string; readonly uploaded: number }>
