using System.Text.RegularExpressions;
using Pds.Domain.Moderation;

namespace Pds.Application.Settings;

/// <summary>What names and records must satisfy: lexicons and word lists.</summary>
public sealed class RuleSettings
{
    /// <summary>Directory whose <c>*.json</c> are lexicons that records are checked against, besides the built-in ones and before them. Default: none.</summary>
    [Variable("PDS_LEXICON_DIRECTORY", IsOwn = true)]
    public string? LexiconDirectory { get; set; }

    /// <summary>File of words that no handle and no record key may have, one in a line, in place of the built-in few; <c>word*</c> is the beginning of words, and an empty file allows all. Default: none.</summary>
    [Variable("PDS_DISALLOWED_WORDS_FILE", IsOwn = true)]
    public string? DisallowedWordsFile { get; set; }

    /// <summary>File of first labels of handles that only the operator gives out, separated by white space, in place of the built-in list; <c>#</c> begins a comment. Default: none.</summary>
    [Variable("PDS_RESERVED_HANDLES_FILE", IsOwn = true)]
    public string? ReservedHandlesFile { get; set; }

    /// <summary>File of e-mail domains that are refused, and those below them, separated by white space, in place of the built-in list of disposable ones; an empty file allows all. Default: none.</summary>
    [Variable("PDS_DISPOSABLE_EMAIL_DOMAINS_FILE", IsOwn = true)]
    public string? DisposableMailDomainsFile { get; set; }

    /// <summary>DID whose repository holds all published lexicons; DNS is not asked for their authorities then. Default: none.</summary>
    [Variable("PDS_LEXICON_AUTHORITY_DID")]
    public string? LexiconAuthorityDid { get; set; }

    /// <summary>
    /// First labels of handles that only the operator gives out, in lower case. Default: those of <see cref="ReservedHandlesFile"/>, else
    /// <see cref="Domain.Accounts.ReservedHandles.Default"/>.
    /// </summary>
    public IReadOnlySet<string> ReservedHandles { get; set; } = Domain.Accounts.ReservedHandles.Default;

    /// <summary>
    /// Words that no handle and no record key may have. Default: those of <see cref="DisallowedWordsFile"/>, else
    /// <see cref="DisallowedWords.Default"/>.
    /// </summary>
    public DisallowedWords DisallowedWords { get; set; } = DisallowedWords.Default;

    /// <summary>Patterns that no handle may match, with and without its punctuation. Default: none.</summary>
    public IList<Regex> DisallowedHandles { get; } = [];

    /// <summary>
    /// Domains of mailboxes to throw away, in lower case; addresses at them and below them are refused. Default: those of
    /// <see cref="DisposableMailDomainsFile"/>, else <see cref="Domain.Accounts.DisposableMailDomains.Default"/>.
    /// </summary>
    public IReadOnlySet<string> DisposableMailDomains { get; set; } = Domain.Accounts.DisposableMailDomains.Default;
}
