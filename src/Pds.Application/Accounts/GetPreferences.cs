using System.Text.Json;
using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>Reads the preferences of an account. Lexicon: <c>app.bsky.actor.getPreferences</c>.</summary>
/// <param name="Caller">The account, or the moderation service.</param>
/// <param name="Did">The account that the moderation service asks about; of no effect for others.</param>
[XrpcMethod("app.bsky.actor.getPreferences")]
public sealed record GetPreferencesQuery(Caller Caller, Did? Did) : IQuery<GetPreferencesOutput>, IAuthorizedRequest
{
    /// <summary>The AppView (<c>did#service</c>), whose method it is to clients with scoped credentials; <see langword="null"/> refuses them.</summary>
    public string? Service { get; init; }

    /// <inheritdoc/>
    public Permission Required => Caller is Caller.Admin ? Permission.Admin : Permission.Standard with { AllowTakendownSession = true, Scoped = PreferenceRules.DemandsOf<GetPreferencesQuery>(Service) };
}

/// <summary>Preferences of an account.</summary>
/// <param name="Preferences">As the apps wrote them, in order, and what follows from them.</param>
public sealed record GetPreferencesOutput(IReadOnlyList<JsonElement> Preferences)
{
    /// <summary>How many: the content is private.</summary>
    public override string ToString() => $"{Preferences.Count} preferences";
}

internal sealed class GetPreferencesHandler(IPreferenceStore preferences, TimeProvider time) : IRequestHandler<GetPreferencesQuery, GetPreferencesOutput>
{
    public async Task<GetPreferencesOutput> Handle(GetPreferencesQuery request, CancellationToken cancellationToken)
    {
        Did did = request.Caller.Account ?? request.Did
            ?? throw new XrpcException(RequestErrors.InvalidRequest, $"Invalid {XrpcMethodAttribute.NsidOf<GetPreferencesQuery>()} params: did must be a DID");
        bool seesAll = PreferenceRules.SeesAll(request.Caller);
        List<Preference> kept = [.. (await preferences.ListAsync(did, cancellationToken)).Where(preference => PreferenceRules.IsInNamespace(preference.Type))];
        IEnumerable<Preference> shown = kept.Where(preference => seesAll || !PreferenceRules.IsRestricted(preference.Type));
        if (PreferenceRules.DeclareAge(kept, time.GetUtcNow()) is { } age)
        {
            shown = shown.Append(age);
        }

        return new GetPreferencesOutput([.. shown.Select(preference => JsonElement.Parse(preference.Json))]);
    }
}
