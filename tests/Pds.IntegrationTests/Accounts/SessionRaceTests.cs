using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Infrastructure.Accounts;
using Pds.Infrastructure.Persistence;
using Pds.IntegrationTests.Accounts.Mailing;
using Pds.IntegrationTests.Factors;

namespace Pds.IntegrationTests.Accounts;

/// <summary>Sessions, app passwords and mailed tokens whose credential changes while they are made.</summary>
internal sealed class SessionRaceTests : CredentialRaceTest
{
    [Test]
    public async Task CreateSession_WhenTheAppPasswordIsRevokedMeanwhile_BeginsNoSession()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        string password = await CreateAppPasswordAsync(alice, "app");
        Meanwhile.Before("ISessionStore.AddAsync", () => RevokeAppPasswordAsync(alice, "app"));

        HttpResponseMessage response = await Pds.Http.SignInAsync(alice.Handle.ToString(), password);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
        Assert.That(await SessionsAsync(alice), Has.Count.EqualTo(1), "the one of the sign-up");
    }

    [Test]
    public async Task CreateSession_WhenTheAppPasswordIsMadeAnewMeanwhile_BeginsNoSession()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        string password = await CreateAppPasswordAsync(alice, "app");
        Meanwhile.Before("ISessionStore.AddAsync", async () =>
        {
            await RevokeAppPasswordAsync(alice, "app");
            await CreateAppPasswordAsync(alice, "app", privileged: true);
        });

        HttpResponseMessage response = await Pds.Http.SignInAsync(alice.Handle.ToString(), password);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
    }

    [TestCase("resetPassword")]
    [TestCase("updateAccountPassword")]
    [TestCase("takedown")]
    [TestCase("authenticator")]
    public async Task CreateSession_WhenTheAccountSignsInOtherwiseMeanwhile_BeginsNoSession(string change)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        Meanwhile.Before("ISessionStore.AddAsync", () => ChangeAsync(alice, change));

        HttpResponseMessage response = await Pds.Http.SignInAsync(alice.Handle.ToString());

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
        Assert.That(await SessionsAsync(alice), Has.Count.EqualTo(change == "authenticator" ? 1 : 0));
    }

    [Test]
    public async Task CreateSession_BesideOtherChangesOfTheAccount_BeginsASession()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await alice.PostAsync(Server + "deactivateAccount", new JsonObject());
        Meanwhile.Before("ISessionStore.AddAsync", async () => await (await alice.PostAsync(Server + "activateAccount")).ShouldSucceedAsync());

        HttpResponseMessage response = await Pds.Http.SignInAsync(alice.Handle.ToString());

        await response.ShouldBeJsonAsync();
    }

    [Test]
    public async Task CreateSession_WhileTwelveThreadsSignInAndThePasswordIsRevoked_LeavesNoSessionBehind()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        string password = await CreateAppPasswordAsync(alice, "app");
        ConcurrentBag<string> sessions = [];
        using CancellationTokenSource stop = new();
        Task[] threads = [.. Enumerable.Range(0, 12).Select(_ => Task.Run(() => SignInUntilAsync(alice, password, sessions, stop.Token)))];

        await RevokeAppPasswordAsync(alice, "app");
        await stop.CancelAsync();
        await Task.WhenAll(threads);

        Assert.That((await SessionsAsync(alice)).Where(session => session.AppPasswordName is not null), Is.Empty);
        foreach (string token in sessions)
        {
            await (await Pds.Http.SendAsync(HttpMethod.Post, Server + "refreshSession", token)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "ExpiredToken");
        }
    }

    [Test]
    public async Task CreateSession_WhileThreadsSignInAndThePasswordIsReset_LeavesNoSessionBehind()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        ConcurrentBag<string> sessions = [];
        using CancellationTokenSource stop = new();
        Task[] threads = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(() => SignInUntilAsync(alice, PdsApplication.Password, sessions, stop.Token)))];

        await ResetPasswordAsync(alice);
        await stop.CancelAsync();
        await Task.WhenAll(threads);

        Assert.That(await SessionsAsync(alice), Is.Empty);
    }

    [Test]
    public async Task CreateSession_WithAnAppPasswordOfATakenDownAccount_IsRefused([Values] bool allowTakendown)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        string password = await CreateAppPasswordAsync(alice, "app", privileged: true);
        await Pds.TakeDownAsync(alice.Did);

        HttpResponseMessage response = await Pds.Http.SignInAsync(alice.Handle.ToString(), password, allowTakendown);

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
        Assert.That((string?)body["message"], Is.EqualTo("Invalid identifier or password"));
    }

    [Test]
    public async Task RefreshSession_WhenTheAppPasswordIsGone_EndsTheSession()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using AccountClient app = new(Pds, await (await Pds.Http.SignInAsync(alice.Handle.ToString(), await CreateAppPasswordAsync(alice, "app"))).ShouldBeJsonAsync());
        Execute($"PRAGMA foreign_keys = OFF; DELETE FROM app_password WHERE did = '{alice.Did}'");

        HttpResponseMessage first = await Pds.Http.SendAsync(HttpMethod.Post, Server + "refreshSession", app.RefreshJwt);
        HttpResponseMessage second = await Pds.Http.SendAsync(HttpMethod.Post, Server + "refreshSession", app.RefreshJwt);

        await first.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "ExpiredToken");
        await second.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "ExpiredToken");
        Assert.That(await SessionsAsync(alice), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task CreateAppPassword_WhenThePasswordIsResetMeanwhile_MakesNone()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        Meanwhile.Before("IAppPasswordStore.AddAsync", () => ResetPasswordAsync(alice));

        HttpResponseMessage response = await alice.PostAsync(Server + "createAppPassword", new JsonObject { ["name"] = "late" });

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
        Assert.That(await Pds.Services.GetRequiredService<IAppPasswordStore>().ListAsync(alice.Did, CancellationToken.None), Is.Empty);
    }

    [Test]
    public async Task CreateAppPassword_WhenTheSessionEndsMeanwhile_MakesNone()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        string id = (await SessionsAsync(alice)).Single().Id;
        Caller caller = new Caller.Session(alice.Did, SessionScope.Access) { Id = id };
        Meanwhile.Before("IAppPasswordStore.AddAsync", () => Pds.Http.SendAsync(HttpMethod.Post, Server + "deleteSession", alice.RefreshJwt));

        Task Make() => Pds.SendAsync(new CreateAppPasswordCommand(caller, new CreateAppPasswordInput("late")));

        Assert.That(Make, Refused(AuthErrors.AuthenticationRequired));
    }

    [Test]
    public async Task ResetPassword_WhenItsTokenIsUsedMeanwhile_IsRefused()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await Pds.Http.PostXrpcAsync(Server + "requestPasswordReset", new JsonObject { ["email"] = GivenMail.EmailOf(alice) });
        string token = Pds.LastToken(GivenMail.EmailOf(alice));
        Meanwhile.Before("IAccountStore.UpdateAsync", async () => await (await ResetAsync(token, "first password")).ShouldSucceedAsync());

        HttpResponseMessage second = await ResetAsync(token, "second password");

        await second.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        await (await Pds.Http.SignInAsync(alice.Handle.ToString(), "first password")).ShouldBeJsonAsync();
    }

    [Test]
    public async Task ResetPassword_WhenItsTokenIsReplacedMeanwhile_IsRefused()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        JsonObject request = new() { ["email"] = GivenMail.EmailOf(alice) };
        await Pds.Http.PostXrpcAsync(Server + "requestPasswordReset", request);
        string token = Pds.LastToken(GivenMail.EmailOf(alice));
        Meanwhile.Before("IAccountStore.UpdateAsync", async () => await (await Pds.Http.PostXrpcAsync(Server + "requestPasswordReset", request.DeepClone())).ShouldSucceedAsync());

        HttpResponseMessage late = await ResetAsync(token, NewPassword);

        await late.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        await (await ResetAsync(Pds.LastToken(GivenMail.EmailOf(alice)), NewPassword)).ShouldSucceedAsync();
    }

    [Test]
    public async Task CreateSession_WhenItsMailedCodeIsUsedMeanwhile_IsRefused()
    {
        using AccountClient alice = await Pds.CreateConfirmedAccountAsync();
        await (await alice.PostAsync(Server + "updateEmail", new JsonObject { ["email"] = GivenMail.EmailOf(alice), ["emailAuthFactor"] = true })).ShouldSucceedAsync();
        await (await Pds.Http.SignInAsync(alice.Handle.ToString())).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthFactorTokenRequired");
        string code = Pds.LastToken(GivenMail.EmailOf(alice));
        Meanwhile.Before("IEmailTokenStore.RemoveAsync", async () => await (await Pds.Http.SignInWithCodeAsync(alice, code)).ShouldBeJsonAsync());

        HttpResponseMessage second = await Pds.Http.SignInWithCodeAsync(alice, code);

        await second.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
    }

    [Test]
    public async Task UpdateEmail_WhenThePasswordIsResetMeanwhile_IsRefused()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        Meanwhile.Before("IAccountStore.UpdateAsync", () => ResetPasswordAsync(alice));

        HttpResponseMessage response = await alice.PostAsync(Server + "updateEmail", new JsonObject { ["email"] = "thief@example.com" });

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
    }

    [Test]
    public async Task UpdateEmail_WhenTheSessionEndsMeanwhile_IsRefused()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        Meanwhile.Before("IAccountStore.UpdateAsync", () => Pds.Http.SendAsync(HttpMethod.Post, Server + "deleteSession", alice.RefreshJwt));

        HttpResponseMessage response = await alice.PostAsync(Server + "updateEmail", new JsonObject { ["email"] = "guest@example.com" });

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
    }

    [Test]
    public async Task RequestPasswordReset_WhenTheAddressChangesMeanwhile_LeavesNoTokenForTheOldOne()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        string old = GivenMail.EmailOf(alice);
        Meanwhile.Before("IEmailTokenStore.ReplaceAsync", async () =>
            await (await alice.PostAsync(Server + "updateEmail", new JsonObject { ["email"] = $"new-{old}" })).ShouldSucceedAsync());

        await Pds.Http.PostXrpcAsync(Server + "requestPasswordReset", new JsonObject { ["email"] = old });

        Assert.That(
            await Pds.Services.GetRequiredService<IEmailTokenStore>().FindAsync(EmailTokenPurpose.ResetPassword, alice.Did, CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task DeleteAccount_WhenThePasswordIsResetMeanwhile_IsRefused()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        string token = await Pds.RequestTokenAsync(alice, Server + "requestAccountDelete", GivenMail.EmailOf(alice));
        Meanwhile.Before("IAccountStore.DeleteAsync", () => ResetPasswordAsync(alice));

        HttpResponseMessage response = await Pds.Http.PostXrpcAsync(
            Server + "deleteAccount", new JsonObject { ["did"] = alice.Did.ToString(), ["password"] = PdsApplication.Password, ["token"] = token });

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
        await (await Pds.Http.SignInAsync(alice.Handle.ToString(), NewPassword)).ShouldBeJsonAsync();
    }

    [Test]
    public async Task ScheduledDeletion_WhenTheOwnerComesBackMeanwhile_KeepsTheAccount()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await alice.PostAsync(Server + "deactivateAccount", new JsonObject { ["deleteAfter"] = "2020-01-01T00:00:00.000Z" });
        Meanwhile.Before("IAccountStore.DeleteAsync", async () => await (await alice.PostAsync(Server + "activateAccount")).ShouldSucceedAsync());

        await Pds.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<ScheduledDeletions>().Single().RunOnceAsync(CancellationToken.None);

        await (await alice.GetAsync(Server + "getSession")).ShouldBeJsonAsync();
    }

    [Test]
    public async Task RevokeAppPassword_EndsItsSessionsByTheirReference()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await Pds.Http.SignInAsync(alice.Handle.ToString(), await CreateAppPasswordAsync(alice, "app"));

        Execute($"DELETE FROM app_password WHERE did = '{alice.Did}'");

        Assert.That((await SessionsAsync(alice)).Select(session => session.AppPasswordName), Is.EqualTo(new string?[] { null }));
    }

    internal static NUnit.Framework.Constraints.IResolveConstraint Refused(XrpcError error) =>
        Throws.TypeOf<XrpcException>().With.Property(nameof(XrpcException.Error)).EqualTo(error);

    private Task<HttpResponseMessage> ResetAsync(string token, string password) =>
        Pds.Http.PostXrpcAsync(Server + "resetPassword", new JsonObject { ["token"] = token, ["password"] = password });

    private async Task ChangeAsync(AccountClient account, string change)
    {
        switch (change)
        {
            case "resetPassword":
                await ResetPasswordAsync(account);
                break;
            case "updateAccountPassword":
                using (HttpClient admin = Pds.CreateOperator())
                {
                    JsonObject input = new() { ["did"] = account.Did.ToString(), ["password"] = NewPassword };
                    await (await admin.PostXrpcAsync("com.atproto.admin.updateAccountPassword", input)).ShouldSucceedAsync();
                }

                break;
            case "takedown":
                await Pds.TakeDownAsync(account.Did);
                break;
            default:
                await Pds.TurnOnAuthenticatorAsync(account);
                break;
        }
    }

    private async Task SignInUntilAsync(AccountClient account, string password, ConcurrentBag<string> sessions, CancellationToken stop)
    {
        do
        {
            HttpResponseMessage response = await Pds.Http.SignInAsync(account.Handle.ToString(), password);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                sessions.Add((string)(await response.ShouldBeJsonAsync())["refreshJwt"]!);
            }
        }
        while (!stop.IsCancellationRequested);
    }

    private void Execute(string sql)
    {
        using SqliteConnection connection = Pds.Services.GetRequiredService<SqliteDatabase>().Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
