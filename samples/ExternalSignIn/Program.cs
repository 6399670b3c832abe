using System.Security.Claims;
using ExternalSignIn;
using Microsoft.AspNetCore.Authentication.Cookies;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);

// The host's own authentication. Here a cookie and a page that believes everybody; in earnest OpenID Connect, Negotiate, Identity …
builder.Services
    .AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
    .AddCookie(cookie => cookie.LoginPath = "/login");

builder.Services
    .AddPds(builder.Configuration.GetSection("Pds"))
    .UseSqlite("Data Source=pds.db")
    .UseFileBlobs("blobs")
    .UseExternalSignIn<StaffAccounts>(signIn =>
    {
        signIn.Label = "Sign in with your staff account";
        signIn.AllowPasswords = false;
    });

WebApplication app = builder.Build();

app.MapGet("/login", (string returnUrl) => Results.Content(LoginPage.For(returnUrl), "text/html"));
app.MapPost("/login", async (HttpContext context) =>
{
    IFormCollection form = await context.Request.ReadFormAsync();
    ClaimsIdentity staff = new([new Claim(ClaimTypes.Name, form["name"].ToString())], CookieAuthenticationDefaults.AuthenticationScheme);
    string target = form["returnUrl"].ToString();
    // Back to a page of this application, and to no other.
    return Results.SignIn(new ClaimsPrincipal(staff), new() { RedirectUri = target is ['/', not ('/' or '\\'), ..] ? target : "/" });
});
app.MapGet("/", () => "Sign in to any AT Protocol application as sam.test or kim.test.");
app.MapPds();

await app.RunAsync();
