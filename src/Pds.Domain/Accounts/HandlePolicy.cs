using System.Text.RegularExpressions;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Moderation;

namespace Pds.Domain.Accounts;

/// <summary>Which handles this server lets an account have. Resolution of handles elsewhere and uniqueness are not its business.</summary>
/// <param name="serviceDomains">Domains under which the server gives out handles, each with a leading dot (<c>.example.com</c>).</param>
/// <param name="reservedWords">First labels nobody but the operator may give out, in lower case.</param>
/// <param name="disallowed">Patterns that no part of a handle may match; the operator is free of them.</param>
/// <param name="allowTestDomain">Whether <c>.test</c> handles are good: development only.</param>
/// <param name="words">Words that no handle may have; the operator is free of them too. None when absent.</param>
/// <remarks>Source: the handle rules of <see href="https://atproto.com/specs/handle"/> and of the reference server.</remarks>
public sealed class HandlePolicy(
    IReadOnlyList<string> serviceDomains,
    IReadOnlySet<string> reservedWords,
    IReadOnlyList<Regex> disallowed,
    bool allowTestDomain,
    DisallowedWords? words = null)
{
    /// <summary>Shortest first label under a service domain, in characters.</summary>
    public const int MinLabelLength = 3;

    /// <summary>Longest first label under a service domain, in characters.</summary>
    public const int MaxLabelLength = 18;

    /// <summary>Parses a handle and checks everything that follows from its text.</summary>
    /// <param name="text">The handle as sent; compared in lower case.</param>
    /// <param name="byOperator">The operator may use reserved words and any language.</param>
    /// <exception cref="XrpcException">InvalidRequest when it has not the syntax of a handle; InvalidHandle, HandleNotAvailable.</exception>
    public Handle Require(string text, bool byOperator)
    {
        if (!Handle.TryParse(text, out Handle handle))
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "Input/handle must be a valid handle");
        }

        Check(handle, byOperator);
        return handle;
    }

    /// <summary>Checks everything that follows from the text of a handle.</summary>
    /// <exception cref="XrpcException">InvalidHandle, HandleNotAvailable.</exception>
    public void Check(Handle handle, bool byOperator)
    {
        string text = handle.ToString();
        if (handle.HasDisallowedTopLevelDomain || (!allowTestDomain && text.EndsWith(".test", StringComparison.Ordinal)))
        {
            throw new XrpcException(AccountErrors.InvalidHandle, "Handle TLD is invalid or disallowed");
        }

        if (!byOperator && IsOffensive(text))
        {
            throw new XrpcException(AccountErrors.InvalidHandle, "Inappropriate language in handle");
        }

        if (FindServiceDomain(handle) is { } domain)
        {
            CheckLabel(text[..^domain.Length], byOperator);
        }
    }

    /// <summary>Whether the handle lies under a domain of this server.</summary>
    public bool IsServiceHandle(Handle handle) => FindServiceDomain(handle) is not null;

    private static void Refuse(string message) => throw new XrpcException(AccountErrors.InvalidHandle, message);

    private string? FindServiceDomain(Handle handle)
    {
        string text = handle.ToString();
        return serviceDomains.FirstOrDefault(domain => text.EndsWith(domain, StringComparison.OrdinalIgnoreCase));
    }

    private void CheckLabel(string label, bool byOperator)
    {
        if (label.Contains('.', StringComparison.Ordinal))
        {
            Refuse("Invalid characters in handle");
        }

        if (label.Length < MinLabelLength)
        {
            Refuse("Handle too short");
        }

        if (label.Length > MaxLabelLength)
        {
            Refuse("Handle too long");
        }

        if (!byOperator && reservedWords.Contains(label))
        {
            throw new XrpcException(AccountErrors.HandleNotAvailable, "Reserved handle");
        }
    }

    private bool IsOffensive(string text)
    {
        string joined = text.Replace(".", string.Empty, StringComparison.Ordinal)
            .Replace("-", string.Empty, StringComparison.Ordinal)
            .Replace("_", string.Empty, StringComparison.Ordinal);
        return words?.AreIn(text) is true || disallowed.Any(pattern => pattern.IsMatch(text) || pattern.IsMatch(joined));
    }
}
