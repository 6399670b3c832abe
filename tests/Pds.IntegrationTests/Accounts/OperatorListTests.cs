using System.Net;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.Accounts;

/// <summary>Lists that an operator replaces by files.</summary>
internal sealed class OperatorListTests
{
    private const string CreateAccount = "com.atproto.server.createAccount";

    [Test]
    public async Task Lists_WhenFilesAreSet_TakeThePlaceOfTheBuiltInOnes()
    {
        string directory = Directory.CreateTempSubdirectory("pds-lists-").FullName;
        try
        {
            string handles = Path.Combine(directory, "handles.txt");
            string domains = Path.Combine(directory, "domains.txt");
            await File.WriteAllTextAsync(handles, "# ours\nflagship Harbour\n");
            await File.WriteAllTextAsync(domains, "throwaway.example\n");
            await using PdsApplication pds = await PdsApplication.StartAsync(new Dictionary<string, string?>
            {
                ["PDS_RESERVED_HANDLES_FILE"] = handles,
                ["PDS_DISPOSABLE_EMAIL_DOMAINS_FILE"] = domains,
            });

            HttpResponseMessage reserved = await pds.Http.PostXrpcAsync(CreateAccount, GivenAccounts.SignUp("harbour.test"));
            HttpResponseMessage free = await pds.Http.PostXrpcAsync(CreateAccount, GivenAccounts.SignUp("admin.test", "admin@mailinator.com"));
            HttpResponseMessage disposable = await pds.Http.PostXrpcAsync(CreateAccount, GivenAccounts.SignUp("alice.test", "alice@mail.throwaway.example"));
            using AccountClient bob = await pds.CreateAccountAsync();
            HttpResponseMessage update = await bob.PostAsync("com.atproto.server.updateEmail", new JsonObject { ["email"] = "bob@throwaway.example" });

            await reserved.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "HandleNotAvailable");
            await free.ShouldBeJsonAsync();
            foreach (HttpResponseMessage refused in new[] { disposable, update })
            {
                JsonNode body = await refused.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
                Assert.That((string?)body["message"], Is.EqualTo("This email address is not supported, please use a different email."));
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [TestCase("PDS_RESERVED_HANDLES_FILE")]
    [TestCase("PDS_DISPOSABLE_EMAIL_DOMAINS_FILE")]
    public void List_WhenItsFileIsMissing_StopsTheStart(string variable) =>
        Assert.That(
            async () => await PdsApplication.StartAsync(new Dictionary<string, string?> { [variable] = "/nowhere/list.txt" }),
            Throws.Exception.With.Message.Contains($"{variable}) names /nowhere/list.txt, which is not there"));
}
