namespace Pds.Domain.Repositories;

/// <summary>What a write does to a record.</summary>
public enum WriteAction
{
    /// <summary>Makes a record that must not exist.</summary>
    Create,

    /// <summary>Replaces a record that must exist.</summary>
    Update,

    /// <summary>Removes a record that must exist.</summary>
    Delete,
}
