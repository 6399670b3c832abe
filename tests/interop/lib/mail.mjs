// A mail server that takes everything and keeps it. Codes are all that the tests want of a mail.
import { createServer } from 'node:net'

export async function startMailServer() {
  const mails = []
  const sockets = new Set()
  const server = createServer((socket) => {
    let to
    let lines = null
    let rest = ''
    const say = (line) => socket.write(`${line}\r\n`)
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      const parts = (rest + chunk.toString('latin1')).split('\r\n')
      rest = parts.pop()
      for (const line of parts) {
        if (lines) {
          if (line !== '.') {
            lines.push(line)
            continue
          }
          mails.push({ to, text: lines.join('\r\n').replaceAll('=\r\n', '') })
          lines = null
          say('250 kept')
        } else if (/^(EHLO|HELO)/i.test(line)) say('250 mail.test')
        else if (/^RCPT/i.test(line)) [to] = [line.match(/<(.*)>/)[1].toLowerCase(), say('250 fine')]
        else if (/^DATA/i.test(line)) [lines] = [[], say('354 go on')]
        else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n')
        else say('250 fine')
      }
    })
    say('220 mail.test')
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `smtp://127.0.0.1:${server.address().port}`,
    /** The code of the last mail to somebody that came after so many mails. */
    async code(to, after) {
      for (let waited = 0; waited < 10_000; waited += 20) {
        const mail = mails.slice(after).findLast((one) => one.to === to.toLowerCase())
        const found = mail && readable(mail.text).match(/\b[A-Z2-7]{5}-[A-Z2-7]{5}\b/)
        if (found) return found[0]
        await new Promise((done) => setTimeout(done, 20))
      }
      throw new Error(`no code was mailed to ${to}`)
    },
    count: () => mails.length,
    stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

/** With its base64 parts decoded. */
function readable(text) {
  return text.replace(/base64\r\n(?:[^\r\n]+\r\n)*\r\n([A-Za-z0-9+/=\r\n]+)/gi, (_, body) => Buffer.from(body, 'base64').toString())
}
