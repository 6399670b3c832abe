using Pds.Application.Settings;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Application.Repositories;

/// <summary>Makes records ready to be written: the checks of every write that carries one, in the order clients see their messages.</summary>
/// <param name="validator">Knows the lexicons.</param>
/// <param name="rules">The house's words.</param>
internal sealed class RecordPreparation(IRecordValidator validator, RuleSettings rules)
{
    /// <summary>Fills in <c>$type</c> and checks a record.</summary>
    /// <param name="collection">Where it is to go.</param>
    /// <param name="key">Under which key.</param>
    /// <param name="record">The record as sent.</param>
    /// <param name="validate">The caller's wish: <see langword="true"/> demands a known lexicon, <see langword="false"/> skips it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="XrpcException">InvalidRequest.</exception>
    public async ValueTask<PreparedRecord> PrepareAsync(
        Nsid collection,
        RecordKey key,
        DataMap record,
        bool? validate,
        CancellationToken cancellationToken)
    {
        DataMap typed = WithType(collection, record);
        RequireDecent(key.ToString());
        string? status = null;
        if (validate is not false)
        {
            RecordVerdict verdict = await validator.ValidateAsync(collection, key, typed, resolve: validate is true, cancellationToken);
            status = StatusOf(verdict, collection, demanded: validate is true);
        }

        return typed.ContainsLegacyBlob()
            ? throw new XrpcException(RequestErrors.InvalidRequest, "Legacy blobs are not allowed")
            : new PreparedRecord(new RecordPath(collection, key), typed, status);
    }

    /// <summary>Refuses keys that the house's words forbid.</summary>
    /// <remarks>A TID says nothing to anybody, and most keys are one.</remarks>
    /// <exception cref="XrpcException">InvalidRequest.</exception>
    public void RequireDecent(string key)
    {
        if (!Tid.TryParse(key, out _) && rules.DisallowedWords.AreIn(key))
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "Unacceptable slur in record key");
        }
    }

    private static DataMap WithType(Nsid collection, DataMap record)
    {
        string expected = collection.ToString();
        string? type = record.Type;
        if (type is null && !record.ContainsKey("$type"))
        {
            return record.WithType(expected);
        }

        return type == expected
            ? record
            : throw new XrpcException(RequestErrors.InvalidRequest, $"Invalid $type: expected {expected}, got {type ?? "no text"}");
    }

    private static string StatusOf(RecordVerdict verdict, Nsid collection, bool demanded) => verdict.Validity switch
    {
        RecordValidity.Valid => "valid",
        RecordValidity.Invalid => throw new XrpcException(RequestErrors.InvalidRequest, verdict.Message ?? $"Invalid {collection} record"),
        _ when demanded => throw new XrpcException(RequestErrors.InvalidRequest, $"Unknown lexicon type: {collection}"),
        _ => "unknown",
    };
}

/// <summary>A record that passed the checks.</summary>
/// <param name="Path">Where it goes.</param>
/// <param name="Record">The content with its <c>$type</c>.</param>
/// <param name="ValidationStatus"><c>valid</c>, <c>unknown</c>, or <see langword="null"/> when the check was waived.</param>
internal readonly record struct PreparedRecord(RecordPath Path, DataMap Record, string? ValidationStatus);
