using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.Application.DependencyInjection;
using Pds.Application.Moderation;
using Pds.Infrastructure.Moderation;
using Pds.Infrastructure.Persistence;
using Pds.Infrastructure.Repositories;

namespace Pds.Infrastructure.DependencyInjection;

/// <summary>Registers the audit trail and the takedowns of records.</summary>
internal static class ModerationServices
{
    public static PdsBuilder AddModeration(this PdsBuilder builder)
    {
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IDatabaseStart, AuditGuard>());
        builder.Services.TryAddSingleton<IAuditLog, AuditLog>();
        builder.Services.TryAddSingleton<IRecordTakedowns, RecordTakedowns>();
        return builder;
    }
}
