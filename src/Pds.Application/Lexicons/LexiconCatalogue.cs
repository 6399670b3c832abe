using Microsoft.Extensions.Options;
using Pds.Application.DependencyInjection;
using Pds.Application.Settings;
using Pds.Domain.Lexicons;

namespace Pds.Application.Lexicons;

/// <summary>All definitions that this server knows without asking anybody: those of host and operator, then the built-in ones.</summary>
internal sealed class LexiconCatalogue(AddedLexicons added, RuleSettings rules) : ILexiconSource
{
    private readonly ILexiconSource _lexicons = added.Load(rules.LexiconDirectory).Lexicons;

    /// <inheritdoc/>
    public LexiconSchema? Find(string name) => _lexicons.Find(name);
}

/// <summary>Puts faults of lexicons into the one message that lists all faults of the settings.</summary>
internal sealed class LexiconFaults(AddedLexicons added) : IValidateOptions<PdsOptions>
{
    public ValidateOptionsResult Validate(string? name, PdsOptions options) =>
        added.Load(options.Rules.LexiconDirectory).Faults is { Count: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
}
