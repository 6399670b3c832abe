// Accounts on the server under test, made and asked over its API.
import assert from 'node:assert/strict'

export const password = 'correct horse battery'

/** Makes an account. The answer holds its did and tokens. */
export async function createAccount(server, handle, email = `${handle.split('.')[0]}@example.com`) {
  const account = await call(server, 'com.atproto.server.createAccount', { input: { handle, email, password } })
  return { ...account, email, password }
}

/** Calls a procedure and gives what it answers; a refusal fails the test. */
export async function call(server, method, { input, token } = {}) {
  const answer = await fetch(`${server.url}/xrpc/${method}`, {
    method: 'POST',
    headers: { ...(token && { authorization: `Bearer ${token}` }), ...(input && { 'content-type': 'application/json' }) },
    body: input && JSON.stringify(input),
  })
  const text = await answer.text()
  assert.equal(answer.status, 200, `${method}: ${text}`)
  return text ? JSON.parse(text) : undefined
}

/** A code that lets one account be made. */
export async function createInviteCode(server) {
  const answer = await fetch(`${server.url}/xrpc/com.atproto.server.createInviteCode`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`admin:${server.adminPassword}`)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ useCount: 1 }),
  })
  return (await answer.json()).code
}
