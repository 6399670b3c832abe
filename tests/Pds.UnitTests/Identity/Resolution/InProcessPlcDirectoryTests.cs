using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.Infrastructure.Identity;
using Pds.UnitTests.Crypto;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.Identity.Resolution;

internal sealed class InProcessPlcDirectoryTests
{
    private static readonly Did Alice = Did.Parse(GivenPlc.Did);

    private InMemoryPlcLogStore _store = new();
    private InProcessPlcDirectory _directory = null!;

    [SetUp]
    public void SetUp()
    {
        _store = new InMemoryPlcLogStore();
        _directory = new InProcessPlcDirectory(_store, GivenKeys.Verifier, new ManualTime());
    }

    [Test]
    public async Task Submit_WhenGenesisIsGood_PublishesTheDocument()
    {
        await _directory.SubmitAsync(Alice, GivenPlc.Genesis(), CancellationToken.None);

        DidDocument? document = await _directory.FindDocumentAsync(Alice, CancellationToken.None);

        Assert.That(document!.Handle, Is.EqualTo(Handle.Parse("alice.test")));
        Assert.That(document.PdsEndpoint, Is.EqualTo("https://pds.test"));
        Assert.That(document.SigningKey!.ToDidKey(), Is.EqualTo(GivenKeys.SigningDidKey));
    }

    [Test]
    public void Submit_WhenDidIsNotItsHash_IsInvalidRequest()
    {
        XrpcException? refusal = Assert.ThrowsAsync<XrpcException>(
            () => _directory.SubmitAsync(Did.Parse("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"), GivenPlc.Genesis(), CancellationToken.None));

        Assert.That(refusal!.Error, Is.EqualTo(RequestErrors.InvalidRequest));
        Assert.That(_store.Logs, Is.Empty);
    }

    [Test]
    public async Task Submit_WhenSignedByAStranger_IsInvalidRequest()
    {
        await _directory.SubmitAsync(Alice, GivenPlc.Genesis(), CancellationToken.None);
        PlcOperation forged = PlcOperation.SignUpdate(GivenPlc.Data("at://mallory.test"), GivenPlc.Genesis().Cid, GivenKeys.Small(9));

        Assert.That(() => _directory.SubmitAsync(Alice, forged, CancellationToken.None), Throws.TypeOf<XrpcException>());
        Assert.That((await _directory.FindLastAsync(Alice, CancellationToken.None))!.Data!.AlsoKnownAs, Is.EqualTo(["at://alice.test"]));
    }

    [Test]
    public async Task Submit_WhenUpdateIsGood_ChangesTheDocument()
    {
        await _directory.SubmitAsync(Alice, GivenPlc.Genesis(), CancellationToken.None);

        await _directory.SubmitAsync(Alice, PlcOperation.SignUpdate(GivenPlc.Data("at://bob.test"), GivenPlc.Genesis().Cid, GivenKeys.Rotation()), CancellationToken.None);

        Assert.That((await _directory.FindLastAsync(Alice, CancellationToken.None))!.Cid.ToString(), Is.EqualTo(GivenPlc.UpdateCid));
    }

    [Test]
    public async Task Submit_WhenTombstone_EndsTheDid()
    {
        await _directory.SubmitAsync(Alice, GivenPlc.Genesis(), CancellationToken.None);

        await _directory.SubmitAsync(Alice, PlcOperation.SignTombstone(GivenPlc.Genesis().Cid, GivenKeys.Rotation()), CancellationToken.None);

        Assert.That(await _directory.FindLastAsync(Alice, CancellationToken.None), Is.Null);
        Assert.That(await _directory.FindDocumentAsync(Alice, CancellationToken.None), Is.Null);
        Assert.That(await _directory.IsTombstonedAsync(Alice, CancellationToken.None), Is.True);
    }

    [Test]
    public async Task Find_WhenDidIsUnknown_IsNull()
    {
        Assert.That(await _directory.FindLastAsync(Alice, CancellationToken.None), Is.Null);
        Assert.That(await _directory.IsTombstonedAsync(Alice, CancellationToken.None), Is.False);
    }
}
