using Pds.Domain.Identifiers;
using Pds.Domain.Identity;

namespace Pds.Application.Identity;

/// <summary>An identity, looked at from both ends. Lexicon: <c>com.atproto.identity.defs#identityInfo</c>.</summary>
/// <param name="Did">The DID.</param>
/// <param name="Handle">The handle that both the document names and that leads back to the DID; else <c>handle.invalid</c>.</param>
/// <param name="DidDoc">The document as its source gave it.</param>
public sealed record IdentityInfo(Did Did, Handle Handle, DidDocument DidDoc);
