using Pds.Domain.Errors;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>A request of a client to one of the endpoints for clients.</summary>
/// <param name="Parameters">Its form or JSON body; every name once.</param>
/// <param name="Proof">What its DPoP proof is about.</param>
public sealed record OAuthCall(IReadOnlyDictionary<string, string> Parameters, DpopRequest Proof)
{
    /// <summary>A parameter; empty is absent.</summary>
    public string? Find(string name) => Parameters.TryGetValue(name, out string? value) && value.Length > 0 ? value : null;

    /// <summary>A parameter that must be there.</summary>
    /// <exception cref="XrpcException">invalid_request.</exception>
    public string Require(string name) => Find(name) ?? throw new XrpcException(OAuthErrors.InvalidRequest, $"{name} is required");

    /// <summary>Nothing: parameters are secret.</summary>
    public override string ToString() => nameof(OAuthCall);
}
