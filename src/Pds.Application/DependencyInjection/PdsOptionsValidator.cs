using Microsoft.Extensions.Options;
using Pds.Application.Settings;

namespace Pds.Application.DependencyInjection;

/// <summary>Validates all settings at once; every fault says what to write. Where a variable sets the option, the fault names it in brackets.</summary>
internal sealed class PdsOptionsValidator : IValidateOptions<PdsOptions>
{
    private const string PublicDirectory = "plc.directory";

    public ValidateOptionsResult Validate(string? name, PdsOptions options)
    {
        List<string> faults =
        [
            .. SecretSettingsValidator.FindFaults(options.Secrets),
            .. StorageSettingsValidator.FindFaults(options.Storage),
            .. RuleSettingsValidator.FindFaults(options.Rules),
            .. ServerSettingsValidator.FindFaults(options.Server),
            .. IdentitySettingsValidator.FindFaults(options.Identity),
            .. FindLocalIdentities(options),
            .. AccountSettingsValidator.FindFaults(options.Accounts),
            .. SignInSettingsValidator.FindFaults(options.SignIn),
            .. BlobSettingsValidator.FindFaults(options.Blobs),
            .. RepositorySettingsValidator.FindFaults(options.Repositories),
            .. FirehoseSettingsValidator.FindFaults(options.Firehose),
            .. BrandingSettingsValidator.FindFaults(options.Branding),
            .. ProxyingSettingsValidator.FindFaults(options.Proxying),
            .. ModerationSettingsValidator.FindFaults(options.Moderation),
            .. RateLimitSettingsValidator.FindFaults(options.RateLimits),
            .. CapacitySettingsValidator.FindFaults(options.Capacity),
            .. MailSettingsValidator.FindFaults(options.Mail),
        ];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> FindLocalIdentities(PdsOptions options)
    {
        ServerSettings server = options.Server;
        if (!server.DevMode && Uri.TryCreate(server.PublicOrigin, UriKind.Absolute, out Uri? origin) && origin.IsLoopback && options.Identity.PlcUrl is { IsAbsoluteUri: true, Host: PublicDirectory })
        {
            yield return $"Server.Hostname (PDS_HOSTNAME) is {server.Hostname}, and Identity.PlcUrl (PDS_DID_PLC_URL) is the public directory: identities would name {server.PublicOrigin} there for good. Write the public host name, or set PDS_DEV_MODE=true to try things out.";
        }
    }
}
