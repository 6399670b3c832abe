// The official OAuth client, set up for a server under test.
import { JoseKey, NodeOAuthClient } from '@atproto/oauth-client-node'

const store = (map) => ({ get: async (key) => map.get(key), set: async (key, value) => void map.set(key, value), del: async (key) => void map.delete(key) })

/** @param {object} server The server under test. @param {object} options Of the client: redirect address, scope, and what it should do otherwise. */
export function createOAuthClient(server, { redirect, scope, sessions = new Map(), metadata = {}, ...others }) {
  /** The development server's directory lies in a folder, where the client's resolver does not look. */
  const fetchWithDirectory = (input, init) => {
    const asked = new Request(input, init)
    const { pathname } = new URL(asked.url)
    return fetch(/^\/did(:|%3A)/i.test(pathname) ? new Request(`${server.plcUrl}${decodeURIComponent(pathname)}`, asked) : asked)
  }

  return new NodeOAuthClient({
    clientMetadata: {
      client_id: `http://localhost?${new URLSearchParams({ redirect_uri: redirect, scope })}`,
      redirect_uris: [redirect],
      scope,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      dpop_bound_access_tokens: true,
      ...metadata,
    },
    stateStore: store(new Map()),
    sessionStore: store(sessions),
    requestLock: (_, work) => work(),
    allowHttp: true,
    handleResolver: server.url,
    plcDirectoryUrl: server.url,
    fetch: fetchWithDirectory,
    ...others,
  })
}

/** A client that has a web site, with a metadata document and keys, and authenticates by signing: private_key_jwt. */
export async function createConfidentialClient(server, { url, redirect, scope, name, ...others }) {
  const client = createOAuthClient(server, {
    redirect,
    scope,
    keyset: [await JoseKey.generate(['ES256'], 'key-1')],
    metadata: {
      client_id: new URL('/client-metadata.json', redirect).href,
      client_name: name,
      jwks_uri: `${url}/jwks.json`,
      application_type: 'web',
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
    },
    ...others,
  })
  // The library wants a document of its client to lie at an https address. A server for development reads it at a local one, too.
  client.clientMetadata.client_id = `${url}/client-metadata.json`
  return client
}
