using Pds.Domain.DataModel;

namespace Pds.Domain.Repositories.Mst;

/// <summary>Where a tree finds the nodes it has not loaded yet.</summary>
public interface IMstNodeSource
{
    /// <summary>Loads one node. May be called from several threads.</summary>
    /// <exception cref="MissingBlockException">The node is not there.</exception>
    /// <exception cref="FormatException">The bytes are not a tree node.</exception>
    MstNode Load(Cid cid);
}
