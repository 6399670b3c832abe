using Pds.Application.DependencyInjection;

namespace Pds.Infrastructure.DependencyInjection;

/// <summary>Registers DID, handle and directory access.</summary>
internal static class IdentityServices
{
    public static PdsBuilder AddIdentity(this PdsBuilder builder) => builder;
}
