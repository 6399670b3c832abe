using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Pds.Domain.Identifiers;

namespace Pds.Infrastructure.Persistence;

/// <summary>Times lie in the database as milliseconds since the Unix epoch.</summary>
internal sealed class UnixMillisecondsConverter() : ValueConverter<DateTimeOffset, long>(
    time => time.ToUnixTimeMilliseconds(),
    milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));

internal sealed class DidConverter() : ValueConverter<Did, string>(did => did.ToString(), text => Did.Parse(text));

internal sealed class HandleConverter() : ValueConverter<Handle, string>(handle => handle.ToString(), text => Handle.Parse(text));
