namespace Pds.Application.Repositories;

/// <summary>Somebody else changed what a write was built upon; nothing of the write was kept.</summary>
public sealed class ConcurrentWriteException() : Exception("The repository moved on; nothing was kept.");
