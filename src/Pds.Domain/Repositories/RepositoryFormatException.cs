namespace Pds.Domain.Repositories;

/// <summary>A commit, a slice of a repository or a whole one breaks the rules of the protocol.</summary>
/// <param name="message">What is wrong, for people.</param>
public sealed class RepositoryFormatException(string message) : FormatException(message);
