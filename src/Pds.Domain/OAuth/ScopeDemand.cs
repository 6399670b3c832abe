using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Domain.OAuth;

/// <summary>One right that a method needs of a scoped credential. Its text is the smallest scope token that grants it.</summary>
public abstract record ScopeDemand
{
    private ScopeDemand()
    {
    }

    /// <summary>To write a record.</summary>
    /// <param name="Collection">The record's collection.</param>
    /// <param name="Action">What is done to it.</param>
    public sealed record Write(Nsid Collection, WriteAction Action) : ScopeDemand
    {
        /// <inheritdoc/>
        public override string ToString() => $"repo:{Collection}?action={RepoScope.NameOf(Action)}";
    }

    /// <summary>To call a method of another service as the account.</summary>
    /// <param name="Method">The method; <see langword="null"/> for any.</param>
    /// <param name="Audience">The service, <c>did#service</c>; a bare DID is granted by an audience of <c>*</c> only.</param>
    public sealed record Call(Nsid? Method, string Audience) : ScopeDemand
    {
        /// <inheritdoc/>
        public override string ToString() => $"rpc:{Method?.ToString() ?? "*"}?aud={Audience.Replace("%", "%25", StringComparison.Ordinal).Replace("#", "%23", StringComparison.Ordinal)}";
    }

    /// <summary>To upload a blob.</summary>
    /// <param name="MediaType">Its media type, with or without parameters.</param>
    public sealed record Blob(string MediaType) : ScopeDemand
    {
        /// <summary>The media type without parameters, in lower case.</summary>
        public string BareType => MediaType.Split(';')[0].Trim().ToLowerInvariant();

        /// <inheritdoc/>
        public override string ToString() => $"blob:{BareType}";
    }

    /// <summary>To see or manage something of the account.</summary>
    /// <param name="Attribute"><c>email</c>, <c>repo</c> or <c>status</c>.</param>
    /// <param name="Manage">Whether to change it.</param>
    public sealed record Account(string Attribute, bool Manage) : ScopeDemand
    {
        /// <inheritdoc/>
        public override string ToString() => Manage ? $"account:{Attribute}?action=manage" : $"account:{Attribute}";
    }

    /// <summary>To change the identity.</summary>
    /// <param name="Attribute"><c>handle</c>, or <c>*</c> for all of it.</param>
    public sealed record Identity(string Attribute) : ScopeDemand
    {
        /// <inheritdoc/>
        public override string ToString() => $"identity:{Attribute}";
    }
}
