using System.Text.Json.Serialization;
using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Server;

/// <summary>Tells somebody who signs up whether a handle is free, and which others are. Lexicon: <c>com.atproto.temp.checkHandleAvailability</c>.</summary>
/// <param name="Handle">The handle.</param>
[XrpcMethod("com.atproto.temp.checkHandleAvailability")]
public sealed record CheckHandleAvailabilityQuery(Handle Handle) : IQuery<CheckHandleAvailabilityOutput>, IAnonymousRequest
{
    /// <summary>The address of who signs up; its local part becomes a suggestion.</summary>
    public string? Email { get; init; }

    /// <summary>Without the address, which stays out of logs.</summary>
    public override string ToString() => Handle.ToString();
}

/// <summary>The answer.</summary>
/// <param name="Handle">As asked.</param>
/// <param name="Result">Whether it is free.</param>
public sealed record CheckHandleAvailabilityOutput(Handle Handle, HandleAvailability Result);

/// <summary>Whether a handle is free.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$type")]
[JsonDerivedType(typeof(AvailableHandle), "com.atproto.temp.checkHandleAvailability#resultAvailable")]
[JsonDerivedType(typeof(UnavailableHandle), "com.atproto.temp.checkHandleAvailability#resultUnavailable")]
public abstract record HandleAvailability;

/// <summary>It is.</summary>
public sealed record AvailableHandle : HandleAvailability;

/// <summary>It is not.</summary>
/// <param name="Suggestions">Handles that are.</param>
public sealed record UnavailableHandle(IReadOnlyList<HandleSuggestion> Suggestions) : HandleAvailability;

/// <summary>A handle that is free.</summary>
/// <param name="Handle">The handle.</param>
/// <param name="Method">How it was found; of no meaning to clients.</param>
public sealed record HandleSuggestion(Handle Handle, string Method);

internal sealed class CheckHandleAvailabilityHandler(IAccountStore accounts, HandleCheck check, ServerSettings options)
    : IRequestHandler<CheckHandleAvailabilityQuery, CheckHandleAvailabilityOutput>
{
    private const int MaxSuggestions = 4;
    private const int LastNumber = 9;

    public async Task<CheckHandleAvailabilityOutput> Handle(CheckHandleAvailabilityQuery query, CancellationToken cancellationToken)
    {
        if (query.Email is { Length: > 0 } email && !EmailAddress.IsValid(email))
        {
            throw new XrpcException(AccountErrors.InvalidEmail, "Not an e-mail address");
        }

        return new CheckHandleAvailabilityOutput(query.Handle, await IsFreeAsync(query.Handle, cancellationToken)
            ? new AvailableHandle()
            : new UnavailableHandle(await SuggestAsync(query, cancellationToken)));
    }

    private async ValueTask<bool> IsFreeAsync(Handle handle, CancellationToken cancellationToken) =>
        IsAcceptable(handle) && await accounts.FindAsync(new AtIdentifier(handle), cancellationToken) is null;

    private bool IsAcceptable(Handle handle)
    {
        try
        {
            check.Policy.Check(handle, byOperator: false);
            return check.Policy.IsServiceHandle(handle);
        }
        catch (XrpcException)
        {
            return false;
        }
    }

    private async ValueTask<IReadOnlyList<HandleSuggestion>> SuggestAsync(CheckHandleAvailabilityQuery query, CancellationToken cancellationToken)
    {
        var suggestions = new List<HandleSuggestion>();
        foreach ((string label, string method) in Labels(query))
        {
            if (suggestions.Count < MaxSuggestions
                && Domain.Identifiers.Handle.TryParse(label + options.HandleDomains[0], out Handle handle)
                && suggestions.TrueForAll(suggestion => suggestion.Handle != handle)
                && await IsFreeAsync(handle, cancellationToken))
            {
                suggestions.Add(new HandleSuggestion(handle, method));
            }
        }

        return suggestions;
    }

    private static IEnumerable<(string Label, string Method)> Labels(CheckHandleAvailabilityQuery query)
    {
        string name = query.Handle.ToString().Split('.')[0];
        yield return (name, "domain");
        if (query.Email is { } email)
        {
            yield return (Plain(email[..email.LastIndexOf('@')]), "email");
        }

        for (int number = 1; number <= LastNumber; number++)
        {
            string shortened = name[..Math.Min(name.Length, HandlePolicy.MaxLabelLength - 1)];
            yield return ($"{shortened}{number}", "number");
        }
    }

    private static string Plain(string text) =>
        new([.. text.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit).Take(HandlePolicy.MaxLabelLength)]);
}
