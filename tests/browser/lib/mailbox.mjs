// What the server has mailed: a server for development shows it on a page.
import assert from 'node:assert/strict'

/** The text of the newest mail to an address. */
export async function newestMail(server, to) {
  const html = await (await fetch(`${server.url}/dev/mailbox`)).text()
  const mails = [...html.matchAll(/<p>to ([^,]*),.*?<pre>(.*?)<\/pre>/gs)]
  const mail = mails.find(([, address]) => address === to)
  assert.ok(mail, `no mail to ${to}`)
  return mail[2].replaceAll('&amp;', '&')
}

/** The code in the newest mail to an address. */
export async function mailedCode(server, to) {
  const text = await newestMail(server, to)
  const code = text.match(/\b[A-Z2-7]{5}-[A-Z2-7]{5}\b/i)
  assert.ok(code, text)
  return code[0]
}
