using System.Text.Json;
using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;

namespace Pds.Application.Accounts;

/// <summary>Replaces all preferences that the caller may set. Lexicon: <c>app.bsky.actor.putPreferences</c>.</summary>
/// <param name="Caller">Whose.</param>
/// <param name="Input">The preferences.</param>
[XrpcMethod("app.bsky.actor.putPreferences")]
public sealed record PutPreferencesCommand(Caller Caller, PutPreferencesInput Input) : ICommand<Unit>, IAuthorizedRequest
{
    /// <summary>The AppView (<c>did#service</c>), whose method it is to clients with scoped credentials; <see langword="null"/> refuses them.</summary>
    public string? Service { get; init; }

    /// <inheritdoc/>
    public Permission Required => Permission.Standard with { RefuseTakendown = true, Scoped = PreferenceRules.DemandsOf<PutPreferencesCommand>(Service) };
}

/// <summary>Input of <see cref="PutPreferencesCommand"/>.</summary>
public sealed record PutPreferencesInput
{
    /// <summary>Objects with a <c>$type</c> within <c>app.bsky</c>.</summary>
    public required IReadOnlyList<JsonElement> Preferences { get; init; }

    /// <summary>How many: the content is private.</summary>
    public override string ToString() => $"{Preferences.Count} preferences";
}

internal sealed class PutPreferencesHandler(IPreferenceStore preferences) : IRequestHandler<PutPreferencesCommand, Unit>
{
    public async Task<Unit> Handle(PutPreferencesCommand request, CancellationToken cancellationToken)
    {
        List<Preference> given = [.. request.Input.Preferences.Select(Read)];
        if (given.Exists(preference => !PreferenceRules.IsInNamespace(preference.Type)))
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "Some preferences are not in the app.bsky namespace");
        }

        bool maySetAll = PreferenceRules.SeesAll(request.Caller);
        string[] forbidden = maySetAll ? [] : [.. given.Select(preference => preference.Type).Where(PreferenceRules.IsRestricted).Distinct(StringComparer.Ordinal)];
        if (forbidden.Length > 0)
        {
            throw new XrpcException(RequestErrors.InvalidRequest, $"Do not have authorization to set preferences: {string.Join(", ", forbidden)}");
        }

        await preferences.ReplaceAsync(
            request.Caller.Account!.Value,
            type => PreferenceRules.IsInNamespace(type) && (maySetAll || !PreferenceRules.IsRestricted(type)),
            [.. given.Where(preference => !PreferenceRules.IsComputed(preference.Type))],
            cancellationToken);
        return Unit.Value;
    }

    private static Preference Read(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("$type", out JsonElement type) && type.ValueKind == JsonValueKind.String && type.GetString() is { Length: > 0 } name
            ? new Preference(name, json.GetRawText())
            : throw new XrpcException(RequestErrors.InvalidRequest, "Preference is missing a $type");
}
