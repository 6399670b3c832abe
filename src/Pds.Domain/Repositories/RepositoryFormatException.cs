namespace Pds.Domain.Repositories;

/// <summary>A commit, a slice of a repository or a whole one breaks the rules of the protocol.</summary>
/// <param name="message">What is wrong, for people; our own words.</param>
/// <param name="innerException">Where it showed, if deeper down.</param>
public sealed class RepositoryFormatException(string message, Exception? innerException = null) : FormatException(message, innerException);
