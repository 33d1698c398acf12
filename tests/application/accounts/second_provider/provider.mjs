// A provider of OpenID Connect by another author, for the tests of logins: one client, any name, keys of its own.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const [redirectUri, clientId, clientSecret] = process.argv.slice(2);
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    cookies: { keys: ['of-the-tests'] },
    pkce: { required: () => true },
  });
  server.on('request', provider.callback());
  process.stdout.write(`listening ${issuer}\n`);
});
