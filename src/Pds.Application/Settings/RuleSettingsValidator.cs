using Pds.Domain.Identifiers;

namespace Pds.Application.Settings;

internal static class RuleSettingsValidator
{
    public static IEnumerable<string> FindFaults(RuleSettings settings)
    {
        if (settings.DisallowedWordsFile is { } words && !File.Exists(words))
        {
            yield return $"Rules.DisallowedWordsFile (PDS_DISALLOWED_WORDS_FILE) names {words}, which is not there: write the path of a text file with one word in a line.";
        }

        if (settings.ReservedHandlesFile is { } handles && !File.Exists(handles))
        {
            yield return $"Rules.ReservedHandlesFile (PDS_RESERVED_HANDLES_FILE) names {handles}, which is not there: write the path of a text file of first labels, such as `admin`.";
        }

        if (settings.DisposableMailDomainsFile is { } domains && !File.Exists(domains))
        {
            yield return $"Rules.DisposableMailDomainsFile (PDS_DISPOSABLE_EMAIL_DOMAINS_FILE) names {domains}, which is not there: write the path of a text file of domains, such as `mailinator.com`.";
        }

        if (settings.LexiconAuthorityDid is { } authority && !Did.TryParse(authority, out _))
        {
            yield return "Rules.LexiconAuthorityDid (PDS_LEXICON_AUTHORITY_DID) must be a DID, such as `did:web:lexicons.example.com`.";
        }
    }
}
