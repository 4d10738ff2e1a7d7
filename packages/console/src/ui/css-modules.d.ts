declare module '*.module.css' {
  const classes: Readonly<Record<string, string>>
  // Vite gives the classes of a file as its default export.
  // oxlint-disable-next-line import/no-default-export
  export default classes
}
declare module '*.css'
