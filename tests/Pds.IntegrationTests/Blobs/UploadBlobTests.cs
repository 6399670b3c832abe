using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Pds.Domain.DataModel;
using Pds.IntegrationTests.Accounts;

namespace Pds.IntegrationTests.Blobs;

internal sealed class UploadBlobTests : PdsTest
{
    private const int Limit = 5_242_880;

    private AccountClient _alice = null!;

    [SetUp]
    public async Task SignUpAsync() => _alice = await Pds.CreateAccountAsync();

    [TearDown]
    public void SignOut() => _alice.Dispose();

    // Pitfall H 150.
    [Test]
    public async Task UploadBlob_AnswersAReferenceWithTheCidOfTheBytes()
    {
        byte[] bytes = "some text"u8.ToArray();

        JsonNode blob = await _alice.UploadAsync(bytes, "text/plain; charset=utf-8");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(blob["$type"]!.GetValue<string>(), Is.EqualTo("blob"));
            Assert.That(blob.CidOf(), Is.EqualTo(Cid.ForRaw(bytes)));
            Assert.That(blob["mimeType"]!.GetValue<string>(), Is.EqualTo("text/plain"));
            Assert.That(blob["size"]!.GetValue<int>(), Is.EqualTo(bytes.Length));
        }
    }

    // Pitfall H 149.
    [Test]
    public async Task UploadBlob_WhenThePngIsDeclaredAsText_AnswersPng()
    {
        JsonNode blob = await _alice.UploadAsync(BlobRequests.Png, "text/plain");

        Assert.That(blob["mimeType"]!.GetValue<string>(), Is.EqualTo("image/png"));
    }

    [Test]
    public async Task UploadBlob_WhenEmpty_IsAccepted()
    {
        JsonNode blob = await _alice.UploadAsync([]);
        await _alice.CreateNoteAsync(blob);

        HttpResponseMessage served = await Pds.Http.GetBlobAsync(_alice, blob.CidOf());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(blob["size"]!.GetValue<int>(), Is.Zero);
            Assert.That(served.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(served.Content.Headers.ContentLength, Is.Zero);
        }
    }

    [Test]
    public async Task UploadBlob_WhenAtTheLimit_IsAccepted() =>
        Assert.That((await _alice.UploadAsync(new byte[Limit]))["size"]!.GetValue<int>(), Is.EqualTo(Limit));

    [Test]
    public async Task UploadBlob_WhenTheLengthIsOverTheLimit_IsTooLarge()
    {
        HttpResponseMessage response = await _alice.TryUploadAsync(new byte[Limit + 1]);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.RequestEntityTooLarge, "PayloadTooLarge");
    }

    // Pitfall H 156.
    [Test]
    public async Task UploadBlob_WhenChunkedBytesPassTheLimit_IsTooLargeAndLeavesNothing()
    {
        using var content = new StreamContent(new OfUnknownLength(new MemoryStream(new byte[Limit + 1])));

        HttpResponseMessage response = await _alice.TryUploadAsync(content);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.RequestEntityTooLarge, "PayloadTooLarge");
        Assert.That(Pds.TemporaryFiles(_alice), Is.Empty);
        Assert.That((await _alice.UploadAsync())["size"]!.GetValue<int>(), Is.EqualTo(16), "the next request is served");
    }

    [Test]
    public async Task UploadBlob_WhenCompressed_KeepsTheDecodedBytes()
    {
        byte[] bytes = "squeezed"u8.ToArray();
        using var squeezed = new MemoryStream();
        await using (var gzip = new GZipStream(squeezed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(bytes);
        }

        using var content = new ByteArrayContent(squeezed.ToArray());
        content.Headers.ContentEncoding.Add("gzip");
        HttpResponseMessage response = await _alice.TryUploadAsync(content);

        Assert.That((await response.ShouldBeJsonAsync())["blob"]!.CidOf(), Is.EqualTo(Cid.ForRaw(bytes)));
    }

    [Test]
    public async Task UploadBlob_WhenTheContentTypeIsMissing_IsRefused()
    {
        HttpResponseMessage response = await _alice.TryUploadAsync([1], contentType: null);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    [Test]
    public async Task UploadBlob_WhenNobodyIsSignedIn_IsRefused()
    {
        using var content = new ByteArrayContent([1]);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");

        HttpResponseMessage response = await Pds.Http.PostAsync(new Uri("/xrpc/com.atproto.repo.uploadBlob", UriKind.Relative), content);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthMissing");
    }

    [Test]
    public async Task UploadBlob_WithAServiceTokenForTheMethod_IsAccepted()
    {
        string token = await GetServiceTokenAsync("com.atproto.repo.uploadBlob");
        _alice.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        JsonNode blob = await _alice.UploadAsync();

        Assert.That(blob["size"]!.GetValue<int>(), Is.EqualTo(16));
    }

    [Test]
    public async Task UploadBlob_WithAServiceTokenForAnotherMethod_IsRefused()
    {
        string token = await GetServiceTokenAsync("com.atproto.repo.listMissingBlobs");
        _alice.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        HttpResponseMessage response = await _alice.TryUploadAsync([1]);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "BadJwtLexiconMethod");
    }

    [Test]
    public async Task UploadBlob_WhenDeactivated_IsAccepted()
    {
        await _alice.PostAsync("com.atproto.server.deactivateAccount", new JsonObject());

        JsonNode blob = await _alice.UploadAsync();

        Assert.That(blob["size"]!.GetValue<int>(), Is.EqualTo(16));
    }

    [Test]
    public async Task UploadBlob_WhenTakenDown_IsRefused()
    {
        await Pds.TakeDownAsync(_alice.Did);

        HttpResponseMessage upload = await _alice.TryUploadAsync([1]);

        await upload.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AccountTakedown");
        Assert.That(Pds.TemporaryFiles(_alice), Is.Empty);
    }

    [TestCase("limit", "0")]
    [TestCase("limit", "1001")]
    [TestCase("cursor", "nonsense")]
    public async Task ListMissingBlobs_WhenAParameterIsBad_IsRefused(string name, string value) =>
        await (await _alice.GetAsync("com.atproto.repo.listMissingBlobs", (name, value))).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");

    [Test]
    public async Task UploadBlob_WhenUploadedAgain_ReplacesTheTemporaryFile()
    {
        await _alice.UploadAsync([7]);
        await _alice.UploadAsync([7]);

        Assert.That(Pds.TemporaryFiles(_alice), Has.Length.EqualTo(1));
    }

    // Pitfall H 155.
    [Test]
    public async Task UploadBlob_WhenPermanentAlready_StaysPermanentAndLeavesNoTemporaryFile()
    {
        JsonNode blob = await _alice.UploadAsync([8]);
        await _alice.CreateNoteAsync(blob);

        await _alice.UploadAsync([8]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Pds.TemporaryFiles(_alice), Is.Empty);
            Assert.That((await Pds.Http.GetBlobAsync(_alice, blob.CidOf())).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    private async Task<string> GetServiceTokenAsync(string method)
    {
        HttpResponseMessage response = await _alice.GetAsync("com.atproto.server.getServiceAuth", ("aud", Pds.Options.Server.ServiceIdentity), ("lxm", method));
        return (await response.ShouldBeJsonAsync())["token"]!.GetValue<string>();
    }

    /// <summary>Makes a client send chunks.</summary>
    internal sealed class OfUnknownLength(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
