using Pds.Application.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>Ends authorization requests, and says what goes back to the client (spec 07 §5.2).</summary>
internal sealed class AuthorizationAnswers(
    IAuthorizationRequestStore requests, IConsentStore consents, PermissionSets sets, ServerIdentity identity, TimeProvider time)
{
    /// <summary>Gives a code for a scope; the code is good for one exchange.</summary>
    public async Task<AuthorizationAnswer> ApproveAsync(AuthorizationRequest request, ClientMetadata client, SignInProof proof, string scope, CancellationToken cancellationToken)
    {
        string? permissions;
        try
        {
            permissions = await sets.ExpandAsync(scope, cancellationToken);
        }
        catch (XrpcException refusal) when (refusal.Error == OAuthErrors.InvalidScope)
        {
            return await RefuseAsync(request, refusal.Error, refusal.Message, cancellationToken);
        }

        string code = OAuthSecrets.NewCode();
        DateTimeOffset now = time.GetUtcNow();
        _ = await requests.UpdateAsync(
            request.Id,
            current => current.CodeHash is null
                ? current with { SignIn = proof, CodeHash = OAuthSecrets.Hash(code), GrantedScope = scope, Permissions = permissions, ExpiresAt = now + OAuthTimes.Code }
                : throw new XrpcException(OAuthErrors.InvalidRequest, "This request was answered already."),
            cancellationToken) ?? throw new XrpcException(OAuthErrors.InvalidRequest, "This request is over.");
        if (!client.IsLoopback)
        {
            await consents.SaveAsync(proof, client.ClientId, scope, now, cancellationToken);
        }

        return Answer(request, [new("code", code)]);
    }

    /// <summary>Says why not.</summary>
    public async Task<AuthorizationAnswer> RefuseAsync(AuthorizationRequest request, XrpcError error, string description, CancellationToken cancellationToken)
    {
        await requests.UpdateAsync(request.Id, _ => null, cancellationToken);
        return Answer(request, [new("error", error.Name), new("error_description", description)]);
    }

    private AuthorizationAnswer Answer(AuthorizationRequest request, IEnumerable<KeyValuePair<string, string>> outcome)
    {
        List<KeyValuePair<string, string>> parameters = [new("iss", identity.PublicUrl)];
        if (request.Parameters.State is { } state)
        {
            parameters.Add(new("state", state));
        }

        return new AuthorizationAnswer(request.Parameters.RedirectUri, request.Parameters.ResponseMode, [.. parameters, .. outcome]);
    }
}
