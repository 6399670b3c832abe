using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Pds.Api.Pages.SignIn;
using Pds.Application.DependencyInjection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets the host's own authentication sign people in.</summary>
public static class PdsExternalSignIn
{
    /// <summary>Adds a button to the page to sign in that leads to the host's own ASP.NET Core authentication, whatever its scheme.</summary>
    /// <typeparam name="TAccounts">Tells which account belongs to whom; made anew for each request.</typeparam>
    /// <param name="builder">What <c>AddPds</c> made.</param>
    /// <param name="configure">Sets the options.</param>
    public static PdsBuilder UseExternalSignIn<TAccounts>(this PdsBuilder builder, Action<ExternalSignInOptions>? configure = null)
        where TAccounts : class, IExternalAccounts
    {
        builder.Services.TryAddScoped<IExternalAccounts, TAccounts>();
        builder.Services.Configure<ExternalSignInOptions>(options =>
        {
            options.IsEnabled = true;
            configure?.Invoke(options);
        });
        builder.Services.AddOptions<PdsOptions>().Configure<IOptions<ExternalSignInOptions>>((pds, options) => pds.SignIn.PasswordSignIn = options.Value.AllowPasswords);
        return builder;
    }
}
