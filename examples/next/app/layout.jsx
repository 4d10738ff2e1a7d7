export const metadata = { title: 'Your picture' }

// Next finds layouts and pages as default exports.
// oxlint-disable-next-line import/no-default-export
export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  )
}
