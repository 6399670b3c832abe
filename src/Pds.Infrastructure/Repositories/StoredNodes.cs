using Pds.Domain.DataModel;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Repositories;

/// <summary>Checkpointed nodes of one repository, as they are now.</summary>
internal sealed class StoredNodes(long accountId, ReadPool readers) : IMstNodeSource
{
    public MstNode Load(Cid cid)
    {
        using ReadLease lease = readers.Rent();
        return lease.Part<RepositoryReader>().FindNode(accountId, cid) ?? throw new MissingBlockException(cid);
    }
}
