using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using Pds.IntegrationTests.Accounts;
using Pds.IntegrationTests.Accounts.Mailing;
using Pds.IntegrationTests.Blobs;
using Pds.IntegrationTests.OAuth;

namespace Pds.IntegrationTests.Pages;

/// <summary>Taking the data out, going away for a while, going for good.</summary>
internal sealed class AccountEndTests : AccountAreaTest
{
    [Test]
    public async Task Overview_TellsWhatThereIs()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        JsonNode blob = await account.UploadAsync();
        await account.CreateNoteAsync(blob);
        using Browser browser = new(Pds);

        Page page = await SignInAsync(browser, account);

        Assert.That(page.Text, Does.Contain("Records: 1, files: 1").And.Contain(GivenMail.EmailOf(account)).And.Contain(">active<"));
    }

    [Test]
    public async Task Export_OfRecords_IsTheArchiveThatIsServed()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        await account.CreateRecordAsync();
        byte[] served = await Pds.Http.GetByteArrayAsync(new Uri($"/xrpc/com.atproto.sync.getRepo?did={account.Did}", UriKind.Relative));
        using Browser browser = new(Pds);
        await SignInAsync(browser, account, next: "/account/export");

        HttpResponseMessage response = await browser.DownloadAsync("/account/export/repository.car");

        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.EqualTo(served));
        Assert.That(response.Content.Headers.ContentDisposition!.FileName, Is.EqualTo($"{account.Handle}.car").Or.EqualTo($"\"{account.Handle}.car\""));
    }

    [Test]
    public async Task Export_OfFiles_HoldsEachOnceByItsCid()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        byte[] text = "hello, file"u8.ToArray();
        JsonNode first = await account.UploadAsync(text);
        JsonNode second = await account.UploadAsync();
        await account.CreateNoteAsync(first, second);
        await account.CreateNoteAsync(first);
        await account.UploadAsync();
        using Browser browser = new(Pds);
        await SignInAsync(browser, account, next: "/account/export");

        HttpResponseMessage response = await browser.DownloadAsync("/account/export/files.zip");

        await using ZipArchive archive = new(await response.Content.ReadAsStreamAsync());
        await using Stream content = await archive.GetEntry($"{first.CidOf()}.txt")!.OpenAsync();
        using MemoryStream bytes = new();
        await content.CopyToAsync(bytes);
        Assert.That(archive.Entries.Select(entry => entry.Name), Is.EquivalentTo(new[] { $"{first.CidOf()}.txt", second.CidOf().ToString() }));
        Assert.That(bytes.ToArray(), Is.EqualTo(text));
    }

    [Test]
    public async Task Deactivate_HidesTheAccount_AndActivateShowsIt()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);
        Page page = await SignInAsync(browser, account, next: "/account/status");

        Page off = await page.SubmitAsync("/account/status/deactivate");
        JsonNode hidden = await StatusAsync(account);
        Page on = await off.SubmitAsync("/account/status/activate");
        JsonNode shown = await StatusAsync(account);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(off.Text, Does.Contain("Your account is deactivated.").And.Not.Contain("/account/status/deactivate"));
            Assert.That(hidden["status"]!.GetValue<string>(), Is.EqualTo("deactivated"));
            Assert.That(on.Text, Does.Contain("Your account is active."));
            Assert.That(shown["active"]!.GetValue<bool>(), Is.True);
        }
    }

    [Test]
    public async Task Deactivate_TakesTheAccessOfApplications_AndLeavesTheBrowserSignedIn()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        JsonNode tokens = await client.SignInAsync(account);
        JsonNode appPassword = await (await account.PostAsync("com.atproto.server.createAppPassword", new JsonObject { ["name"] = "app" })).ShouldBeJsonAsync();
        JsonNode session = await (await Pds.Http.SignInAsync(account.Did.ToString(), appPassword["password"]!.GetValue<string>())).ShouldBeJsonAsync();
        using Browser browser = new(Pds);
        Page page = await SignInAsync(browser, account, next: "/account/status");

        Page off = await page.SubmitAsync("/account/status/deactivate");
        await off.SubmitAsync("/account/status/activate");

        HttpResponseMessage byApp = await client.CallAsync(HttpMethod.Get, "com.atproto.server.getSession", tokens["access_token"]!.GetValue<string>());
        HttpResponseMessage refreshed = await Pds.Http.SendAsync(HttpMethod.Post, "com.atproto.server.refreshSession", session["refreshJwt"]!.GetValue<string>());
        HttpResponseMessage signIn = await Pds.Http.SignInAsync(account.Did.ToString(), appPassword["password"]!.GetValue<string>());
        HttpResponseMessage own = await Pds.Http.SendAsync(HttpMethod.Post, "com.atproto.server.refreshSession", account.RefreshJwt);
        await byApp.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "invalid_token");
        await refreshed.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "ExpiredToken");
        await signIn.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
        await own.ShouldBeJsonAsync();
        Assert.That((await browser.OpenAsync("/account/apps")).Text, Does.Contain("No application has access to your account."));
    }

    [Test]
    public async Task Delete_NeedsCodePasswordAndCertainty()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        await account.CreateRecordAsync();
        using Browser browser = new(Pds);
        Page page = await SignInAsync(browser, account, next: "/account/status");
        Page sent = await page.SubmitAsync("/account/status/request-deletion");
        string code = Pds.LastToken(GivenMail.EmailOf(account));

        Page unsure = await DeleteAsync(sent, PdsApplication.Password, code, sure: "");
        Page wrongPassword = await DeleteAsync(sent, "wrong", code);
        Page wrongCode = await DeleteAsync(sent, PdsApplication.Password, "AAAAA-AAAAA");
        JsonNode before = await StatusAsync(account);
        Page done = await DeleteAsync(sent, PdsApplication.Password, code);
        HttpResponseMessage after = await Pds.Http.GetXrpcAsync("com.atproto.sync.getRepoStatus", ("did", account.Did));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(page.Text, Does.Contain("This cannot be undone. All records (1) and files (0) are deleted"));
            Assert.That(sent.Text, Does.Contain("<details open>"));
            Assert.That(unsure.Text, Does.Contain("Say that you are sure."));
            Assert.That(wrongPassword.Text, Does.Contain("The password is wrong."));
            Assert.That(wrongCode.Text, Does.Contain("The code is wrong."));
            Assert.That(before["active"]!.GetValue<bool>(), Is.True);
            Assert.That(done.Title, Is.EqualTo("Your account is deleted"));
            Assert.That(after.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That((await browser.OpenAsync("/account")).Title, Is.EqualTo("Sign in"));
        }
    }

    [Test]
    public async Task Forms_ThatAreForgedOrTooLate_AreRefused()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);
        Page page = await SignInAsync(browser, account, next: "/account/status");

        await AssertForgeryIsRefusedAsync(browser, page, "/account/status/deactivate");
        await AssertForgeryIsRefusedAsync(browser, page, "/account/status/request-deletion");
        await AssertForgeryIsRefusedAsync(browser, page, "/account/status/delete");
        Time.Advance(TimeSpan.FromMinutes(11));
        Page late = await page.SubmitAsync("/account/status/deactivate");

        Assert.That(late.Title, Is.EqualTo("Sign in"));
        Assert.That((await StatusAsync(account))["active"]!.GetValue<bool>(), Is.True);
    }

    private static Task<Page> DeleteAsync(Page page, string password, string code, string sure = "yes") =>
        page.SubmitAsync("/account/status/delete", ("password", password), ("code", code), ("sure", sure));

    private async Task<JsonNode> StatusAsync(AccountClient account) => await (await Pds.Http.GetXrpcAsync("com.atproto.sync.getRepoStatus", ("did", account.Did))).ShouldBeJsonAsync();
}
