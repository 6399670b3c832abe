using System.Collections.Frozen;

namespace Pds.Domain.Accounts;

/// <summary>Domains of mailboxes that anybody may read or that end within hours, so that nothing can be proved by them.</summary>
public static class DisposableMailDomains
{
    /// <summary>The well-known ones, in lower case. An operator may replace the list by a file.</summary>
    public static readonly FrozenSet<string> Default = FrozenSet.ToFrozenSet(WordList.ReadBuiltIn("disposable-mail-domains.txt"), StringComparer.Ordinal);
}
