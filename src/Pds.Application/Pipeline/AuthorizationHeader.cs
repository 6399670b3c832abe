using System.Diagnostics.CodeAnalysis;

namespace Pds.Application.Pipeline;

/// <summary>An <c>Authorization</c> header, split but not judged.</summary>
/// <param name="Scheme">The scheme in lower case: <c>bearer</c>, <c>basic</c>, <c>dpop</c>.</param>
/// <param name="Credentials">What follows the scheme.</param>
public sealed record AuthorizationHeader(string Scheme, string Credentials)
{
    /// <summary>Whether the credentials are a bearer token.</summary>
    public bool IsBearer => Scheme is "bearer";

    /// <summary>Whether the credentials are an OAuth access token that goes with a proof of its key.</summary>
    public bool IsDpop => Scheme is "dpop";

    /// <summary>Whether the credentials are a user name and a password.</summary>
    public bool IsBasic => Scheme is "basic";

    /// <summary>Splits a header; <see langword="false"/> unless it has exactly two parts with one space between them.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out AuthorizationHeader? header)
    {
        header = null;
        int space = text?.IndexOf(' ', StringComparison.Ordinal) ?? -1;
        if (space <= 0 || space == text!.Length - 1 || text.IndexOf(' ', space + 1) >= 0)
        {
            return false;
        }

        header = new AuthorizationHeader(text[..space].ToLowerInvariant(), text[(space + 1)..]);
        return true;
    }

    /// <summary>The scheme only: credentials stay out of logs.</summary>
    public override string ToString() => Scheme;
}
