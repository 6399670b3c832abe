// A browser for pages that work without scripts: plain form posts.
import assert from 'node:assert/strict'
import { request } from 'node:http'

/** fetch would set the headers itself that tell a navigation. */
const exchange = (url, body, headers) =>
  new Promise((done, fail) => {
    const outgoing = request(url, { method: body ? 'POST' : 'GET', headers }, async (answer) => {
      answer.setEncoding('utf8')
      answer.text = (await answer.toArray()).join('')
      done(answer)
    })
    outgoing.on('error', fail).end(body)
  })

/** A browser: cookies, navigations and forms, nothing else. */
export class Browser {
  cookies = new Map()

  /** @param {string} origin The server whose pages it shows; it stops where it is sent elsewhere. */
  constructor(origin) {
    this.origin = origin
  }

  async send(url, { site = 'cross-site', form } = {}) {
    const answer = await exchange(url, form && String(new URLSearchParams(form)), {
      cookie: [...this.cookies].map((pair) => pair.join('=')).join('; '),
      'sec-fetch-site': site,
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
      ...(form && { origin: this.origin, 'content-type': 'application/x-www-form-urlencoded' }),
    })
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [name, value] = line.split(';')[0].split('=')
      this.cookies.set(name, value)
    }
    const location = answer.headers.location
    if (answer.statusCode === 303 && new URL(location, url).origin === this.origin) return this.send(new URL(location, url), { site: 'same-origin' })
    return { location, html: answer.text }
  }

  submit({ html }, act, values = {}) {
    const form = html.match(new RegExp(`action="/oauth/authorize/${act}">(.*?)</form>`, 's'))
    assert.ok(form, html)
    const hidden = [...form[1].matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"(?: \/)?>/g)].map(([, name, value]) => [name, value])
    return this.send(`${this.origin}/oauth/authorize/${act}`, { site: 'same-origin', form: { ...Object.fromEntries(hidden), ...values } })
  }
}
