using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Application.Settings;

namespace Pds.Api.Server;

/// <summary>What to do next on a server for development: make an account.</summary>
internal static class FirstAccount
{
    /// <summary>The command, ready to be pasted into a shell.</summary>
    public static string Command(ServerSettings server) => $$"""
        curl {{server.PublicOrigin}}/xrpc/{{XrpcMethodAttribute.NsidOf<CreateAccountCommand>()}} -H 'Content-Type: application/json' -d '{"handle":"alice{{server.HandleDomains[0]}}","email":"alice@example.com","password":"correct horse"}'
        """;
}
