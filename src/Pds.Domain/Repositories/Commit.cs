using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
namespace Pds.Domain.Repositories;
/// signed commit, version 3
public sealed class Commit
{
    public static Commit Sign(Did did, Cid data, Tid rev, ISigner signer) => throw new NotImplementedException();
    /// strict; throws FormatException
    public static Commit Decode(ReadOnlyMemory<byte> bytes) => throw new NotImplementedException();
    public Did Did => throw new NotImplementedException();
    public Tid Rev => throw new NotImplementedException();
    public Cid Data => throw new NotImplementedException();
    public Cid Cid => throw new NotImplementedException();
    public ReadOnlyMemory<byte> Bytes => throw new NotImplementedException();
    public bool HasSignatureOf(PublicKey key, IVerifier verifier) => throw new NotImplementedException();
}
