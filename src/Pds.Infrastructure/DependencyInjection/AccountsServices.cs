using Pds.Application.DependencyInjection;

namespace Pds.Infrastructure.DependencyInjection;

/// <summary>Registers sessions, passwords and mail.</summary>
internal static class AccountsServices
{
    public static PdsBuilder AddAccounts(this PdsBuilder builder) => builder;
}
