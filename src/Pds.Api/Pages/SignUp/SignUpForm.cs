using Pds.Application.Accounts;
using Pds.Application.Settings;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Api.Pages.SignUp;

/// <summary>Reads what <see cref="SignUpPage"/> posts, and says what is wrong with it.</summary>
internal static class SignUpForm
{
    /// <summary>The page as it is shown first.</summary>
    public static SignUpModel Describe(IServiceProvider services, string action)
    {
        BrandingSettings branding = services.GetRequiredService<BrandingSettings>();
        return new()
        {
            Action = action,
            HandleDomains = services.GetRequiredService<ServerSettings>().HandleDomains,
            IsInviteRequired = services.GetRequiredService<AccountSettings>().InviteRequired,
            Terms = branding.TermsOfServiceUrl,
            Privacy = branding.PrivacyPolicyUrl,
        };
    }

    /// <summary>The page with what was written, but for the password.</summary>
    public static SignUpModel Refill(SignUpModel page, IFormCollection form, XrpcException refusal) => page with
    {
        Handle = form["handle"].ToString(),
        Domain = form["domain"].ToString(),
        Email = form["email"].ToString(),
        Invite = form["invite"].ToString(),
        Fault = Explain(refusal, form),
    };

    public static CreateAccountInput Read(IFormCollection form, IReadOnlyList<string> domains)
    {
        string domain = domains.FirstOrDefault(known => known == form["domain"]) ?? domains[0];
        string name = PastedText.Clean(form["handle"].ToString()).ToLowerInvariant();
        return new CreateAccountInput
        {
            Handle = name.EndsWith(domain, StringComparison.Ordinal) ? name : name + domain,
            Email = PastedText.Clean(form["email"].ToString()),
            Password = form["password"].ToString(),
            InviteCode = form["invite"].ToString().Trim() is { Length: > 0 } code ? code : null,
        };
    }

    /// <summary>Whether the text makes a handle of any domain.</summary>
    private static bool IsName(string text) => Handle.IsValid($"{PastedText.Clean(text)}.test");

    /// <summary>Handles are public, addresses are not: the words do not tell whether an address is taken or just not liked.</summary>
    private static string Explain(XrpcException refusal, IFormCollection form) => refusal.Error switch
    {
        var error when error == AccountErrors.InvalidHandle || !IsName(form["handle"].ToString()) => "This handle cannot be had. Use 3 to 18 letters, digits and hyphens.",
        var error when error == AccountErrors.HandleNotAvailable || error == AccountErrors.UnsupportedDomain => "This handle is not available.",
        var error when error == AccountErrors.InvalidPassword => "The password must have 8 to 256 characters.",
        var error when error == AccountErrors.InvalidInviteCode => "This invite code is not valid.",
        var error when error == RequestErrors.InvalidRequest => "This e-mail address cannot be used here. If you have an account with it, sign in or reset the password.",
        _ => refusal.Message,
    };
}
