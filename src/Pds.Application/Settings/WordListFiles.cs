using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using Pds.Application.DependencyInjection;
using Pds.Domain.Accounts;
using Pds.Domain.Moderation;

namespace Pds.Application.Settings;

/// <summary>Reads the word lists of the operator. A list that the host set in code stays; a file that is missing is a fault of the settings.</summary>
internal sealed class WordListFiles : IPostConfigureOptions<PdsOptions>
{
    public void PostConfigure(string? name, PdsOptions options)
    {
        RuleSettings rules = options.Rules;
        if (rules.DisallowedWords == DisallowedWords.Default && File.Exists(rules.DisallowedWordsFile))
        {
            rules.DisallowedWords = DisallowedWords.Parse(File.ReadLines(rules.DisallowedWordsFile));
        }

        if (rules.ReservedHandles == ReservedHandles.Default && File.Exists(rules.ReservedHandlesFile))
        {
            rules.ReservedHandles = WordList.Parse(File.ReadLines(rules.ReservedHandlesFile)).ToFrozenSet(StringComparer.Ordinal);
        }

        if (rules.DisposableMailDomains == DisposableMailDomains.Default && File.Exists(rules.DisposableMailDomainsFile))
        {
            rules.DisposableMailDomains = WordList.Parse(File.ReadLines(rules.DisposableMailDomainsFile)).ToFrozenSet(StringComparer.Ordinal);
        }
    }
}
