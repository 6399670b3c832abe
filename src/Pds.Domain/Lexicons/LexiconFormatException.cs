namespace Pds.Domain.Lexicons;

/// <summary>A document is not a lexicon.</summary>
/// <param name="message">Where and what is wrong, for people; our own words.</param>
public sealed class LexiconFormatException(string message) : FormatException(message);
