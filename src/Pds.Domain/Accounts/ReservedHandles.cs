using System.Collections.Frozen;

namespace Pds.Domain.Accounts;

/// <summary>
/// First labels that would mislead people about who speaks: words of the protocol, roles and machines of a host, and names of well-known services, media and people.
/// </summary>
public static class ReservedHandles
{
    /// <summary>The list, in lower case. An operator may replace it by a file.</summary>
    public static readonly FrozenSet<string> Default = FrozenSet.ToFrozenSet(WordList.ReadBuiltIn("reserved-handles.txt"), StringComparer.Ordinal);
}
