using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>Keeps what apps remember for an account, private to it.</summary>
public interface IPreferenceStore
{
    /// <summary>All preferences of an account, in the order they were put.</summary>
    ValueTask<IReadOnlyList<Preference>> ListAsync(Did did, CancellationToken cancellationToken);

    /// <summary>Puts preferences in the place of others, all or nothing.</summary>
    /// <param name="did">Whose.</param>
    /// <param name="isReplaced">Judges, by its type, whether a kept preference goes.</param>
    /// <param name="preferences">What takes their place, in order.</param>
    /// <param name="cancellationToken">Gives up before the change is handed over.</param>
    Task ReplaceAsync(Did did, Func<string, bool> isReplaced, IReadOnlyList<Preference> preferences, CancellationToken cancellationToken);
}

/// <summary>One preference.</summary>
/// <param name="Type">Its <c>$type</c>.</param>
/// <param name="Json">The whole object, as the app wrote it.</param>
public sealed record Preference(string Type, string Json)
{
    /// <summary>The type only: the content is private.</summary>
    public override string ToString() => Type;
}
