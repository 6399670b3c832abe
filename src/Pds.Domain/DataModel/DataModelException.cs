namespace Pds.Domain.DataModel;

/// <summary>A value is not one of the atproto data model, or its JSON form is malformed.</summary>
/// <param name="message">What is wrong, in words fit for clients.</param>
public sealed class DataModelException(string message) : FormatException(message);
