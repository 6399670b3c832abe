using System.Text.Json;
using System.Text.Json.Nodes;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Proxying;

/// <summary>Asks the AppView for the DID of a handle: it knows most of them, and faster than their owners answer.</summary>
/// <remarks>Good enough to tell a client. Whoever needs proof asks the handle's owner.</remarks>
internal sealed class AppViewHandles(ServiceRoutes routes, IServiceClient client)
{
    private const int MaxBytes = 16 * 1024;

    private static readonly Nsid Method = Nsid.Parse("com.atproto.identity.resolveHandle");

    /// <summary>The DID, or <see langword="null"/> when there is no AppView, it does not know, or it does not answer.</summary>
    public async Task<Did?> FindAsync(Handle handle, CancellationToken cancellationToken)
    {
        if (routes.AppView?.Endpoint is not { } appView)
        {
            return null;
        }

        var call = new ServiceCall(HttpMethod.Get, SignedCalls.AddressOf(appView, Method, $"?handle={handle}")) { Headers = [new("accept-encoding", "identity")] };
        try
        {
            await using ServiceAnswer answer = await client.SendAsync(call, cancellationToken);
            return answer.Status == 200
                && await AnswerBody.ReadDecodedAsync(answer, MaxBytes, cancellationToken) is { } body
                && AnswerJson.Parse(body)?["did"] is JsonValue value
                && value.TryGetValue(out string? text)
                && Did.TryParse(text, out Did did)
                    ? did
                    : null;
        }
        catch (Exception exception) when (exception is XrpcException or JsonException)
        {
            return null; // the handle's owner may still answer
        }
    }
}
