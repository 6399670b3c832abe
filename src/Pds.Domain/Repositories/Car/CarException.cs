namespace Pds.Domain.Repositories.Car;

/// <summary>Bytes are not a CAR that is accepted here: malformed, beyond a limit, or a block does not hash to its CID.</summary>
/// <param name="message">What is wrong, for people.</param>
public sealed class CarException(string message) : FormatException(message);
