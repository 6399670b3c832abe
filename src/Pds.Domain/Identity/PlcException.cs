namespace Pds.Domain.Identity;

/// <summary>The directory's rules forbid an operation.</summary>
/// <param name="message">Which rule, in words fit for the client.</param>
public sealed class PlcException(string message) : Exception(message);
