using System.Text;
using Microsoft.Extensions.Options;
using Pds.Api.Server;
using Pds.Application.DependencyInjection;

namespace Pds.Server.Hosting;

/// <summary>What <c>pds serve</c> says once it listens. A development server prints its password and the next command; nothing secret otherwise.</summary>
internal static class Greeting
{
    private const int SafeSecretBytes = 16;

    public static async Task WriteAsync(WebApplication application, TextWriter output)
    {
        PdsOptions options = application.Services.GetRequiredService<IOptions<PdsOptions>>().Value;
        PdsEnvironment environment = application.Services.GetRequiredService<PdsEnvironment>();
        if (environment.Ignored.Count > 0)
        {
            Log.SettingsIgnored(application.Logger, string.Join(", ", environment.Ignored));
        }

        if (Encoding.UTF8.GetByteCount(options.Secrets.JwtSecret) < SafeSecretBytes)
        {
            Log.ShortSecret(application.Logger);
        }

        Log.Listening(application.Logger, options.Server.PublicOrigin, options.Server.ServiceIdentity.ToString());
        if (environment.IsEmpty)
        {
            await output.WriteLineAsync(Text(options));
        }
    }

    private static string Text(PdsOptions options) => $$"""

          A PDS for development listens on {{options.Server.PublicOrigin}}

          data             {{Path.GetFullPath(options.Storage.DataDirectory)}}
          admin password   {{options.Secrets.AdminPassword}}
          mail             {{options.Server.PublicOrigin}}/dev/mailbox

          Make an account:

          {{FirstAccount.Command(options.Server)}}

        """;
}
